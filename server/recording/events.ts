import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isoMicros } from '../../shared/clock.ts';
import type { Note } from '../../shared/events.ts';
import { type SessionEvent, sessionEvent } from '../../shared/session.ts';
import { parseJson, readIfThere } from './metadata.ts';
import { wholeMicros } from './row-format.ts';
import { EVENTS_NAME } from './session.ts';

/** All events of a session, oldest first. A line that a crash cut is no event. */
export async function readEvents(folder: string): Promise<SessionEvent[]> {
  const lines = (await readIfThere(join(folder, EVENTS_NAME))).split('\n');
  const parsed = lines.map((line) => sessionEvent.safeParse(parseJson(line)));
  return parsed.flatMap((event) => (event.success ? [event.data] : []));
}

export interface Moment {
  /** UTC microseconds. */
  wallMicros: number;
  /** Monotonic seconds since the session began. */
  elapsed: number;
}

/** Adds events to a session that is not open; what comes after a cut line stands on its own. */
export async function addEvents(
  folder: string,
  { wallMicros, elapsed }: Moment,
  notes: readonly Note[],
): Promise<void> {
  const before = await readIfThere(join(folder, EVENTS_NAME));
  const cut = before !== '' && !before.endsWith('\n');
  if (notes.length === 0 && !cut) return;
  const time = { timestamp: isoMicros(wallMicros), elapsed_s: wholeMicros(elapsed) };
  const text = notes.map((note) => `${JSON.stringify({ ...time, ...note })}\n`).join('');
  await appendFile(join(folder, EVENTS_NAME), (cut ? '\n' : '') + text, { flush: true });
}
