import { randomInt } from 'node:crypto';
import { watch } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Chunk } from '../../shared/session.ts';
import type { ServerProcess } from '../support/server.ts';
import type { NumberedSensor } from './numbered-sensor.ts';
import { eventsOf, manifestOf, moreRows, type Started, soundRows } from './recorded.ts';

/** What a kill left, as it is judged when the session is over. */
export interface Kill {
  /** Numbers of the newest reading that had gone to the port: when rows came in again, and then. */
  from: number;
  sent: number;
  /** Chunks that have to be there afterwards, as they were. */
  sealed: Chunk[];
}

/** What stands in the manifest: all of it outlives a kill, whether a client knew of it or not. */
const listed = (_server: ServerProcess, { storage_path }: Started) => manifestOf(storage_path);

/** What a client is told of: only that has to outlive a power cut. */
export async function told(server: ServerProcess, { session_id }: Started): Promise<Chunk[]> {
  const path = `/record/snapshots?session_id=${session_id}`;
  return (await server.call<{ chunks: Chunk[] }>(path)).body.chunks;
}

/** Waits for a random moment: half of them while a chunk is rolled, some while the server starts. */
export async function someMoment(
  server: ServerProcess,
  sensor: NumberedSensor,
  session: Started,
  known = listed,
): Promise<Kill> {
  const kind = randomInt(0, 8);
  let from = Number.POSITIVE_INFINITY;
  if (kind === 0) await after(randomInt(0, 60));
  else {
    await moreRows(server);
    from = sensor.newest;
    if (kind < 5) await rollMoment(session.storage_path);
    else await after(randomInt(0, 1500));
  }
  const sealed = await known(server, session).catch(() => []);
  return { from, sent: sensor.newest, sealed };
}

/** The moment when a chunk is renamed or the manifest grows, and up to some milliseconds more. */
async function rollMoment(folder: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const watcher = watch(folder, (_event, name) => {
      if (!/^(chunk_\d+\.jsonl|manifest\.jsonl)$/.test(name ?? '')) return;
      watcher.close();
      resolve();
    });
  });
  await after(randomInt(0, 12));
}

/**
 * How many readings each kill cost that came while rows came in, after all that must hold
 * has been checked: what clients knew is as it was, each reading once, each hole told.
 */
export async function lostReadings(
  kills: readonly Kill[],
  sensor: NumberedSensor,
  { storage_path }: Started,
): Promise<number[]> {
  const rows = await soundRows(storage_path);
  const manifest = await manifestOf(storage_path);
  for (const { sealed } of kills) expect(manifest.slice(0, sealed.length)).toEqual(sealed);
  const values = rows.map(({ value }) => value);
  expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
  const known = new Set(sensor.sent);
  expect(values.filter((value) => !known.has(value))).toEqual([]);
  await holesAreEvents(storage_path, rows, sensor.sent);
  const recording = kills.filter(({ from }) => Number.isFinite(from));
  return recording.map((kill) => lostAt(kill, values, sensor.sent));
}

/** Readings that the port had been given while the server recorded, and that are nowhere. */
function lostAt({ from, sent }: Kill, values: number[], numbers: number[]): number {
  const kept = values.findLast((value) => value <= sent) ?? -1;
  const after = Math.max(kept, Math.min(from, sent));
  return numbers.filter((number) => number > after && number <= sent).length;
}

/** Where a number is left out the recording was resumed, and says so with the next seq. */
async function holesAreEvents(
  folder: string,
  rows: readonly { seq: number; value: number }[],
  sent: readonly number[],
): Promise<void> {
  const events = await eventsOf(folder);
  const resumed = events.filter(({ kind }) => kind === 'recording_resumed');
  const told = new Set(resumed.map((event) => event['next_seq']));
  const position = new Map(sent.map((number, index) => [number, index]));
  const holes = rows.filter(({ value }, index) => {
    const before = rows[index - 1];
    return before && (position.get(value) ?? 0) !== (position.get(before.value) ?? 0) + 1;
  });
  expect(holes.map(({ seq }) => seq).filter((seq) => !told.has(seq))).toEqual([]);
}
