import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Described } from '../../shared/metadata.ts';
import type { SessionEvent } from '../../shared/session.ts';
import { Bench, OPTIONS, temporaryFolder } from '../../test/support/recorder-bench.ts';
import { readEvents } from '../format/events.ts';
import { readMetadata } from '../format/metadata.ts';

const CSV = { ...OPTIONS, format: 'csv' } as const;

async function steps(bench: Bench, id: string): Promise<number[]> {
  const metadata: Partial<Described> | null = await readMetadata(bench.folder(id));
  return (metadata?.clock_steps ?? []).map(({ step_s }) => step_s);
}

async function resumed(bench: Bench, id: string): Promise<SessionEvent | undefined> {
  return (await readEvents(bench.folder(id))).findLast(({ kind }) => kind === 'recording_resumed');
}

const ROWS_A_CHUNK = 100;

/** The disk as a kill leaves it, with all rows on it, those of the last chunk not sealed. */
async function killed(bench: Bench, id: string, rows: number): Promise<Bench> {
  await bench.untilSealed(rows / ROWS_A_CHUNK - 1);
  await vi.waitFor(async () => expect(await lines(bench.folder(id))).toBe(rows), 10_000);
  const root = await temporaryFolder();
  await cp(bench.root, root, { recursive: true });
  const next = await Bench.make({ root });
  Object.assign(next.clock, bench.clock.now());
  return next;
}

/** From here on the monotonic clock is not the one that the session knows. */
async function bootAnew(bench: Bench, id: string): Promise<void> {
  const path = join(bench.folder(id), 'metadata.json');
  const metadata = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...metadata, boot_id: 'another' }));
}

/** The session goes on without a row, and is suspended again. */
async function goOn(bench: Bench): Promise<void> {
  await bench.recover();
  await bench.recorder.suspend();
}

async function lines(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('chunk_'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('').split('\n').length - 1 - names.length;
}

test('a CSV session that was killed goes on with the true gap, and no step is made up', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(CSV);
  bench.record(1000);
  const next = await killed(bench, session_id, 1000);
  next.clock.pass(5);
  await goOn(next);
  expect(await steps(next, session_id)).toEqual([]);
  expect((await resumed(next, session_id))?.['gap_s']).toBeCloseTo(5.1, 1);
});

test('the gap of a CSV session that was stopped counts from its last row', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(CSV);
  bench.record(20);
  bench.clock.pass(60);
  await bench.recorder.suspend();
  const next = await bench.restarted(7);
  await goOn(next);
  expect(await steps(next, session_id)).toEqual([]);
  expect((await resumed(next, session_id))?.['gap_s']).toBeCloseTo(67.1, 1);
});

test('elapsed_s of a CSV session goes on after another boot', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(CSV);
  bench.record(300);
  const next = await killed(bench, session_id, 300);
  await bootAnew(next, session_id);
  next.clock.pass(20);
  next.clock.mono = 12;
  await goOn(next);
  expect(await resumed(next, session_id)).toMatchObject({ elapsed_basis: 'wall_clock' });
  expect((await resumed(next, session_id))?.elapsed_s).toBeCloseTo(50, 0);
});

test('a step of the clock is told once, though no row came between it and two restarts', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(OPTIONS);
  bench.record(20);
  bench.clock.step(3600);
  bench.recorder.clockStepped(3600, bench.clock.now());
  await bench.recorder.suspend();
  const next = await bench.restarted(5);
  await goOn(next);
  const last = await next.restarted(5);
  await goOn(last);
  expect(await steps(last, session_id)).toEqual([3600]);
});

test('a clock that made no sense after another boot is no step at the restart after that', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(OPTIONS);
  bench.record(20);
  await bench.recorder.suspend();
  await bootAnew(bench, session_id);
  const next = await bench.restarted(5);
  next.clock.step(-86_400 * 200);
  await goOn(next);
  const last = await next.restarted(5);
  await goOn(last);
  expect(await steps(last, session_id)).toEqual([]);
});

test('elapsed_s of a session without a row does not go back, also where the clock makes no sense', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(OPTIONS);
  bench.clock.pass(3600);
  await bench.recorder.suspend();
  await bootAnew(bench, session_id);
  const next = await bench.restarted(5);
  next.clock.step(-86_400 * 200);
  await goOn(next);
  const times = (await readEvents(bench.folder(session_id))).map(({ elapsed_s }) => elapsed_s);
  expect(times).toEqual([0, 3600, 3600, 3600]);
});
