import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isoMicros } from '../../shared/clock.ts';
import type { Note } from '../../shared/events.ts';
import { parseJson } from '../../shared/json.ts';
import { type SessionEvent, sessionEvent } from '../../shared/session.ts';
import { readOrLost } from '../files/read-text.ts';
import { EVENTS_NAME } from './names.ts';
import { wholeMicros } from './row-format.ts';

/** All events of a session that can be read, oldest first. A line that is being written is none yet. */
export async function readEvents(folder: string): Promise<SessionEvent[]> {
  const lines = ((await readOrLost(join(folder, EVENTS_NAME))) ?? '').split('\n');
  const parsed = lines.map((line) => sessionEvent.safeParse(parseJson(line)));
  return parsed.flatMap((event) => (event.success ? [event.data] : []));
}

export interface Moment {
  /** UTC microseconds. */
  wallMicros: number;
  /** Monotonic seconds since the session began. */
  elapsed: number;
}

/** Adds events to a session that is not open, and has been mended. */
export async function addEvents(
  folder: string,
  { wallMicros, elapsed }: Moment,
  notes: readonly Note[],
): Promise<void> {
  if (notes.length === 0) return;
  const time = { timestamp: isoMicros(wallMicros), elapsed_s: wholeMicros(elapsed) };
  const text = notes.map((note) => `${JSON.stringify({ ...time, ...note })}\n`).join('');
  await appendFile(join(folder, EVENTS_NAME), text, { flush: true });
}
