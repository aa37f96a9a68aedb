import { randomInt } from 'node:crypto';
import { watch } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Chunk } from '../../shared/session.ts';
import { distribution } from '../support/distribution.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import {
  eventsOf,
  manifestOf,
  missingNumbers,
  moreRows,
  recordStatus,
  type Started,
  soundRows,
  startRecording,
} from './recorded.ts';

/** Of each rate; the campaign makes many more. */
const KILLS = Number(process.env['QSENSOR_FAULT_KILLS'] ?? 3);
const LIMIT_MS = 25_000 + KILLS * 10_000;

/** What a kill left, as it is judged when the session is over. */
interface Kill {
  /** Numbers of the newest reading that had gone to the port: when rows came in again, and then. */
  from: number;
  sent: number;
  /** Chunks that clients had been told of. */
  sealed: Chunk[];
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

/** Kills at a random moment: half of them while a chunk is rolled, some while it starts. */
async function killSometime(
  server: ServerProcess,
  sensor: NumberedSensor,
  session: Started,
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
  const sealed = await manifestOf(session.storage_path).catch(() => []);
  const sent = sensor.newest;
  await server.kill();
  return { from, sent, sealed };
}

/** Readings that the port had been given while the server recorded, and that are nowhere. */
function lostAt({ from, sent }: Kill, values: number[], numbers: number[]): number {
  const kept = values.findLast((value) => value <= sent) ?? -1;
  const after = Math.max(kept, Math.min(from, sent));
  return numbers.filter((number) => number > after && number <= sent).length;
}

test.each([15, 500] as const)(
  `killed at any moment of a recording at %i Hz it loses less than a second and goes on by itself`,
  async (hertz) => {
    const sensor = await NumberedSensor.start(hertz);
    const folder = await temporaryFolder();
    let server = await ServerProcess.start(folder, sensor.env);
    const session = await startRecording(server);
    await moreRows(server);
    const kills: Kill[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      kills.push(await killSometime(server, sensor, session));
      server = await ServerProcess.start(folder, sensor.env);
    }
    await moreRows(server);
    expect(await recordStatus(server)).toMatchObject({ session_id: session.session_id });
    await server.post('/record/stop', { session_id: session.session_id });

    const rows = await soundRows(session.storage_path);
    const manifest = await manifestOf(session.storage_path);
    for (const { sealed } of kills) expect(manifest.slice(0, sealed.length)).toEqual(sealed);
    const values = rows.map(({ value }) => value);
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
    const known = new Set(sensor.sent);
    expect(values.filter((value) => !known.has(value))).toEqual([]);
    await holesAreEvents(session.storage_path, rows, sensor.sent);

    const recording = kills.filter(({ from }) => Number.isFinite(from));
    const lost = recording.map((kill) => lostAt(kill, values, sensor.sent));
    console.log(`${KILLS} kills at ${hertz} Hz: readings lost ${distribution(lost)}`);
    expect(Math.max(0, ...lost)).toBeLessThanOrEqual(hertz);
  },
  LIMIT_MS,
);

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

test(
  'told to end, it seals what it has, loses nothing of it and ends with 0',
  async () => {
    const sensor = await NumberedSensor.start(500);
    const folder = await temporaryFolder();
    const server = await ServerProcess.start(folder, sensor.env);
    const session = await startRecording(server, 60);
    await moreRows(server, 300);
    const { total_rows } = await recordStatus(server);
    expect(await server.stop()).toBe(0);

    const rows = await soundRows(session.storage_path);
    expect(rows.length).toBeGreaterThanOrEqual(total_rows);
    expect(missingNumbers(rows, sensor.sent)).toEqual([]);

    const next = await ServerProcess.start(folder, sensor.env);
    await moreRows(next);
    expect(await recordStatus(next)).toMatchObject({ session_id: session.session_id });
  },
  LIMIT_MS,
);
