import { existsSync } from 'node:fs';
import { appendFile, cp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { MIRRORED_NAME } from '../../shared/session.ts';
import {
  Bench,
  filesLike,
  HandClock,
  OPTIONS,
  temporaryFolder,
  verifiedRows,
} from '../../test/support/recorder-bench.ts';
import { readEvents } from '../format/events.ts';
import { readManifest } from '../format/manifest.ts';
import { readMetadata } from '../format/metadata.ts';
import { recover } from './recovery.ts';

/** In memory a sync costs nothing, and there are hundreds of recoveries. */
const QUICK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const SEALED = ['chunk_00000.jsonl', 'chunk_00001.jsonl'];
const PART = 'chunk_00002.jsonl.part';

/** A recording as the disk holds it at the moment of a kill: 2 chunks of 4 rows, 3 rows unsealed. */
interface Wreck {
  root: string;
  id: string;
  clock: HandClock;
  part: Buffer;
  sealed: Buffer[];
}

async function wreck(): Promise<Wreck> {
  const bench = await Bench.make();
  const { session_id: id } = await bench.recorder.start({ ...OPTIONS, chunkIntervalS: 4 });
  bench.record(11, 1);
  await bench.untilSealed(2);
  const folder = bench.folder(id);
  await vi.waitFor(async () => {
    expect((await readFile(join(folder, PART), 'utf8')).split('\n')).toHaveLength(4);
  });
  return capture(bench.root, id, bench.clock);
}

async function capture(from: string, id: string, clock: HandClock): Promise<Wreck> {
  const root = await temporaryFolder(QUICK);
  await cp(from, root, { recursive: true });
  const read = (name: string) => readFile(join(root, id, name));
  const sealed = await Promise.all(SEALED.map(read));
  return { root, id, clock, part: await read(PART), sealed };
}

/** What must hold after each recovery; gives the sequence numbers on disk. */
async function expectSound({ root, id, sealed }: Wreck): Promise<number[]> {
  const folder = join(root, id);
  const seqs = (await verifiedRows(folder)).map(({ seq }) => seq);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  for (const [index, name] of SEALED.entries()) {
    expect(await readFile(join(folder, name))).toEqual(sealed[index]);
  }
  const chunks = [...(await readManifest(folder)).chunks];
  expect(chunks.map(({ filename }) => filename).slice(0, 2)).toEqual(SEALED);
  expect(await filesLike(folder, /\.part$|\.tmp$/)).toEqual([]);
  return seqs;
}

/** Goes on with it, and checks that no number is given twice. */
async function goOn({ root, id, clock }: Wreck): Promise<number[]> {
  const bench = await Bench.make({ root });
  Object.assign(bench.clock, clock.now());
  bench.clock.pass(3);
  const before = [...(await readManifest(join(root, id))).chunks].map(({ index }) => index);
  await bench.recover();
  bench.record(2, 1);
  expect(await bench.recorder.stop()).toMatchObject({ session_id: id });
  const chunks = [...(await readManifest(join(root, id))).chunks];
  const indices = chunks.map(({ index }) => index);
  expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
  expect(indices).toEqual(expect.arrayContaining(before));
  return (await verifiedRows(join(root, id))).map(({ seq }) => seq);
}

const tornBytes = async (folder: string) => {
  const names = await filesLike(folder, /\.torn/);
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
};

const copyOf = ({ root, id, clock }: Wreck) => capture(root, id, clock);

describe('a recording that was cut short', () => {
  test('keeps every whole row of the unfinished chunk, wherever the cut is', async () => {
    const template = await wreck();
    const { part } = template;
    const everyByteOfTheLastRow = Array.from(
      { length: part.length - endOfRow(part, 2) + 1 },
      (_, byte) => endOfRow(part, 2) + byte,
    );
    const first = endOfRow(part, 1);
    for (const cut of [0, 1, first - 1, first, first + 1, ...everyByteOfTheLastRow]) {
      const state = await copyOf(template);
      const folder = join(state.root, state.id);
      await truncate(join(folder, PART), cut);
      await recover(state.root, state.clock);
      const whole = part.subarray(0, cut).filter((byte) => byte === 0x0a).length;
      const seqs = await expectSound(state);
      expect(seqs).toEqual(Array.from({ length: 8 + whole }, (_, seq) => seq));
      const lastLine = part.subarray(0, cut).lastIndexOf(0x0a) + 1;
      expect(await tornBytes(folder)).toEqual(part.subarray(lastLine, cut));
      await rm(state.root, { recursive: true });
    }
  }, 60_000);

  test('loses no chunk, wherever the manifest is cut', async () => {
    const template = await wreck();
    const manifest = await readFile(join(template.root, template.id, 'manifest.jsonl'));
    const cuts = fc.integer({ min: 0, max: manifest.length });
    await fc.assert(
      fc.asyncProperty(cuts, async (cut) => {
        const state = await copyOf(template);
        await truncate(join(state.root, state.id, 'manifest.jsonl'), cut);
        await recover(state.root, state.clock);
        expect(await expectSound(state)).toHaveLength(11);
        await rm(state.root, { recursive: true });
      }),
      { numRuns: 40, examples: [[0], [1], [manifest.length - 1], [manifest.length / 2]] },
    );
  }, 60_000);

  test('goes on after any damage: nothing twice, nothing half, nothing deleted', async () => {
    const template = await wreck();
    const damage = fc.record({
      cut: fc.nat({ max: template.part.length }),
      zeros: fc.constantFrom(0, 1, 100, 4096, 70_000),
      garbage: fc.uint8Array({ maxLength: 30 }),
      manifest: fc.nat({ max: 600 }),
      events: fc.nat({ max: 100 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ cut, zeros, garbage, manifest, events }) => {
        const state = await copyOf(template);
        const folder = join(state.root, state.id);
        const damaged = Buffer.concat([
          template.part.subarray(0, cut),
          Buffer.alloc(zeros),
          garbage,
        ]);
        await writeFile(join(folder, PART), damaged);
        await truncate(join(folder, 'manifest.jsonl'), manifest);
        await truncate(join(folder, 'events.jsonl'), events);
        const seqs = await goOn(state);
        const kept = await expectSound(state);
        expect(seqs).toEqual(kept);
        const whole = wholeRows(damaged, template.part);
        expect((await tornParts(folder)).length + whole.length).toBe(damaged.length);
        await rm(state.root, { recursive: true });
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test('keeps rows that stand behind a hole of zeros', async () => {
    const state = await wreck();
    const folder = join(state.root, state.id);
    const holed = Buffer.from(state.part);
    holed.fill(0, endOfRow(holed, 1), endOfRow(holed, 1) + 20);
    await writeFile(join(folder, PART), holed);
    await recover(state.root, state.clock);
    expect(await expectSound(state)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 10]);
  });

  test('says what was done, once', async () => {
    const state = await wreck();
    const folder = join(state.root, state.id);
    await appendFile(join(folder, PART), '{"timestamp":"2025');
    const { report } = await recover(state.root, state.clock);
    expect(report).toMatchObject([{ session_id: state.id, kind: 'chunk_recovered', rows: 3 }]);
    expect((await readEvents(folder)).at(-1)).toMatchObject({ kind: 'chunk_recovered', rows: 3 });
    expect((await recover(state.root, state.clock)).report).toEqual([]);
  });

  test('never overwrites what was kept aside earlier', async () => {
    const state = await wreck();
    const folder = join(state.root, state.id);
    await writeFile(join(folder, `${PART}.torn`), 'earlier');
    await appendFile(join(folder, PART), 'half');
    await recover(state.root, state.clock);
    expect(await readFile(join(folder, `${PART}.torn`), 'utf8')).toBe('earlier');
    expect(String(await tornBytes(folder))).toContain('half');
  });

  test('keeps a manifest that was garbled, and says that it was rebuilt', async () => {
    const state = await wreck();
    const folder = join(state.root, state.id);
    const manifest = await readFile(join(folder, 'manifest.jsonl'));
    const garbled = manifest.fill(0, 10, 40);
    await writeFile(join(folder, 'manifest.jsonl'), garbled);
    const { report } = await recover(state.root, state.clock);
    expect(report).toContainEqual(expect.objectContaining({ kind: 'manifest_rebuilt' }));
    expect(await readFile(join(folder, 'manifest.jsonl.torn'))).toEqual(garbled);
    expect(await expectSound(state)).toHaveLength(11);
  });

  test('relists a chunk that was renamed but never reached the manifest', async () => {
    const state = await wreck();
    const folder = join(state.root, state.id);
    await rename(join(folder, PART), join(folder, 'chunk_00002.jsonl'));
    await recover(state.root, state.clock);
    expect(await expectSound(state)).toHaveLength(11);
  });

  test('tells of a chunk that was renamed without its data, and gives its index to no other', async () => {
    const state = await wreck();
    const folder = join(state.root, state.id);
    await rm(join(folder, PART));
    await truncate(join(folder, SEALED[1] ?? ''), 0);
    const { report, resumable } = await recover(state.root, state.clock);
    expect(report).toContainEqual(
      expect.objectContaining({ kind: 'chunk_damaged', file: SEALED[1], rows_before: 4 }),
    );
    expect(resumable).toMatchObject({ nextIndex: 2, nextSeq: 8 });
    expect((await verifiedRows(folder)).map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
  });

  test('tells of a chunk that is gone', async () => {
    const state = await wreck();
    await rm(join(state.root, state.id, SEALED[0] ?? ''));
    const { report } = await recover(state.root, state.clock);
    expect(report).toContainEqual(expect.objectContaining({ kind: 'chunk_missing', rows: 4 }));
  });

  test.each(['', '{"session_id":', '\0\0\0\0'])(
    'has its metadata rebuilt from the rows where it reads %j',
    async (text) => {
      const state = await wreck();
      const folder = join(state.root, state.id);
      await writeFile(join(folder, 'metadata.json'), text);
      await recover(state.root, state.clock);
      expect(await expectSound(state)).toHaveLength(11);
      expect(await readMetadata(folder)).toMatchObject({
        ...{ session_id: state.id, sensor_id: 'serial 123   ', total_rows: 11, chunk_count: 3 },
        start_time: '2025-11-12T14:30:45.000000Z',
      });
      expect((await readEvents(folder)).map(({ kind }) => kind)).toContain('metadata_rebuilt');
    },
  );
});

describe('going on', () => {
  test('measures the gap by the wall clock after another boot, and says so', async () => {
    const state = await wreck();
    const path = join(state.root, state.id, 'metadata.json');
    const metadata = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...metadata, boot_id: 'another' }));
    const bench = await Bench.make({ root: state.root });
    Object.assign(bench.clock, state.clock.now());
    bench.clock.pass(59);
    bench.clock.mono = 12;
    await bench.recover();
    bench.record(1);
    await bench.recorder.stop();
    const rows = await verifiedRows(join(state.root, state.id));
    expect(rows.at(-1)?.elapsed_s).toBeCloseTo(70);
    expect(await readEvents(join(state.root, state.id))).toContainEqual(
      expect.objectContaining({ kind: 'recording_resumed', elapsed_basis: 'wall_clock' }),
    );
  });

  test('leaves the gap out where the wall clock makes no sense', async () => {
    const state = await wreck();
    const bench = await Bench.make({ root: state.root });
    bench.clock.mono = 12;
    bench.clock.step(-8 * 30 * 86400);
    await bench.recover();
    bench.record(1);
    await bench.recorder.stop();
    const rows = await verifiedRows(join(state.root, state.id));
    expect(rows.at(-1)?.elapsed_s).toBeCloseTo(10);
    expect(await readEvents(join(state.root, state.id))).toContainEqual(
      expect.objectContaining({
        kind: 'recording_resumed',
        elapsed_basis: 'last_row',
        gap_s: null,
      }),
    );
  });

  test('is for the newest session only; older ones are closed with an event', async () => {
    const state = await wreck();
    const older = '00000000-0000-4000-8000-000000000000';
    await cp(join(state.root, state.id), join(state.root, older), { recursive: true });
    const path = join(state.root, older, 'metadata.json');
    const metadata = JSON.parse(await readFile(path, 'utf8'));
    const earlier = { ...metadata, session_id: older, start_time: '2025-11-11T00:00:00.000000Z' };
    await writeFile(path, JSON.stringify(earlier));
    const { resumable } = await recover(state.root, state.clock);
    expect(resumable?.metadata.session_id).toBe(state.id);
    expect(await readMetadata(join(state.root, older))).toMatchObject({ state: 'failed' });
    expect(await verifiedRows(join(state.root, older))).toHaveLength(11);
  });
});

/** The rows of a chunk that a damaged copy of it still has. */
function wholeRows(damaged: Buffer, original: Buffer): string {
  const rows = String(original).split('\n').slice(0, -1);
  const lines = damaged.toString('latin1').split('\n').slice(0, -1);
  return lines.map((line) => (rows.includes(line) ? `${line}\n` : '')).join('');
}

/** Where the first rows of a chunk end, in bytes. */
function endOfRow(bytes: Buffer, rows: number): number {
  let end = 0;
  for (let row = 0; row < rows; row += 1) end = bytes.indexOf(0x0a, end) + 1;
  return end;
}

/** What was kept aside of the unfinished chunk. */
async function tornParts(folder: string): Promise<Buffer> {
  const names = await filesLike(folder, /part\.torn/);
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}

test('what a mirror brings from another machine is left as it is', async () => {
  const { root, id, clock } = await wreck();
  await writeFile(join(root, id, MIRRORED_NAME), '');
  expect(await recover(root, clock)).toEqual({ report: [], resumable: null });
  expect(await filesLike(join(root, id), /\.part$/)).toEqual([PART]);
});

test('a recording folder that can not be used is reported, and ends nothing', async () => {
  const root = await temporaryFolder();
  const file = join(root, 'file');
  await writeFile(file, '');
  const { report, resumable } = await recover(join(file, 'recordings'), new HandClock());
  expect(report).toMatchObject([{ kind: 'recovery_failed', session_id: null }]);
  expect(resumable).toBeNull();
});
