import { appendFile, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { VEHICLE_FILE, VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import { Bench, filesLike, OPTIONS, verifiedRows } from '../../test/support/recorder-bench.ts';
import { sampleAt } from '../../test/support/vehicle-rows.ts';
import { SessionExports } from '../export/session-exports.ts';

const OTHER = '11111111-1111-4111-8111-111111111111';
const COPY = '22222222-2222-4222-8222-222222222222';
/** Of a session that was interrupted and went on. */
const RECORDED_ROWS = 15;
const PAGE = { offset: 0, limit: 10 };

/** A session of ten rows that was interrupted, and changed by hand since. */
async function interrupted() {
  const bench = await Bench.make();
  const { session_id: id } = await bench.recorder.start(OPTIONS);
  bench.recorder.vehicle(sampleAt(bench.clock.now(), 1));
  bench.record(10);
  await bench.recorder.suspend();
  return { bench, id, folder: bench.folder(id) };
}

async function goneOn(bench: Bench, id: string) {
  const next = await bench.restarted();
  await next.recover();
  next.record(5);
  expect(await next.recorder.stop()).toMatchObject({ session_id: id });
  return (await verifiedRows(bench.folder(id))).map(({ seq }) => seq);
}

async function edit(path: string, change: (stored: Record<string, unknown>) => void) {
  const stored = JSON.parse(await readFile(path, 'utf8'));
  change(stored);
  await writeFile(path, JSON.stringify(stored));
}

test('a session whose metadata lacks the free numbers goes on with the next ones', async () => {
  const { bench, id, folder } = await interrupted();
  await edit(join(folder, 'metadata.json'), (stored) => {
    delete stored['first_free_index'];
    delete stored['first_free_seq'];
  });
  expect(await goneOn(bench, id)).toEqual(Array.from({ length: 15 }, (_, seq) => seq));
  expect(await filesLike(folder, /NaN|null/)).toEqual([]);
});

test('a chunk with a number that is none is no chunk, and the next has the next number', async () => {
  const { bench, id, folder } = await interrupted();
  const absurd = 'chunk_1000000000000000000000000.jsonl';
  await cp(join(folder, 'chunk_00000.jsonl'), join(folder, absurd));
  expect(await goneOn(bench, id)).toHaveLength(15);
  expect(await filesLike(folder, /^chunk_.*jsonl$/)).toEqual([
    ...['chunk_00000.jsonl', 'chunk_00001.jsonl', absurd],
  ]);
});

test('a sealed part of no bytes is none', async () => {
  const { bench, id, folder } = await interrupted();
  expect(await filesLike(folder, new RegExp(VEHICLE_FILE))).toHaveLength(1);
  await edit(join(folder, VEHICLE_MANIFEST), (stored) => Object.assign(stored, { size_bytes: 0 }));
  expect(await goneOn(bench, id)).toHaveLength(15);
});

test.each(['../../secret.txt', 'a\0b', 'chunk_00000.jsonl/../../x'])(
  'a manifest that lists %j lists nothing there',
  async (filename) => {
    const { bench, id, folder } = await interrupted();
    await goneOn(bench, id);
    const manifest = await readFile(join(folder, 'manifest.jsonl'), 'utf8');
    const forged = { ...JSON.parse(manifest.split('\n')[0] ?? ''), filename };
    await writeFile(join(folder, 'manifest.jsonl'), `${JSON.stringify(forged)}\n`);
    const { chunks } = await bench.catalogue().session(id);
    expect([...chunks]).toEqual([]);
  },
);

test('a chunk that is a link is missing: it is told so, and not looked into', async () => {
  const { bench, id, folder } = await interrupted();
  await goneOn(bench, id);
  const chunk = join(folder, 'chunk_00000.jsonl');
  const rows = (await readFile(chunk, 'utf8')).split('\n').length - 1;
  await rename(chunk, join(bench.root, 'elsewhere'));
  await symlink(join(bench.root, 'elsewhere'), chunk);
  const catalogue = bench.catalogue();
  const exports = new SessionExports(catalogue, bench.root, '0', () => undefined);
  const { summary, chunks } = await catalogue.session(id);
  expect(summary.damage).toMatchObject([{ kind: 'chunk_missing', file: 'chunk_00000.jsonl' }]);
  expect([...chunks].map(({ filename }) => filename)).not.toContain('chunk_00000.jsonl');
  expect(summary.total_rows + rows).toBe(RECORDED_ROWS);
  const { body } = await exports.stream(id, { format: 'jsonl' });
  expect((await text(body)).split('\n')).toHaveLength(summary.total_rows + 1);
  expect((await exports.preview(id, 100)).made.total_rows).toBe(summary.total_rows);
});

test('a folder that can not be read, and a copy under another id, hide no session', async () => {
  const { bench, id, folder } = await interrupted();
  await mkdir(join(bench.root, OTHER, 'metadata.json'), { recursive: true });
  await cp(folder, join(bench.root, COPY), { recursive: true });
  const catalogue = bench.catalogue();
  const { sessions } = await catalogue.sessions(PAGE);
  expect(sessions.map(({ session_id }) => session_id)).toEqual([id]);
});

test('CSV chunks stay chunks when the metadata is lost, and the first of them too', async () => {
  const bench = await Bench.make();
  const { session_id: id } = await bench.recorder.start({ ...OPTIONS, format: 'csv' });
  bench.record(250);
  await bench.recorder.suspend();
  await rm(join(bench.folder(id), 'metadata.json'));
  await rm(join(bench.folder(id), 'chunk_00000.csv'));
  await (await bench.restarted()).recover();
  const { chunks } = await bench.catalogue().session(id);
  expect([...chunks].map(({ filename }) => filename)).toEqual([
    'chunk_00001.csv',
    'chunk_00002.csv',
  ]);
  expect(await filesLike(bench.folder(id), /chunk.*torn/)).toEqual([]);
});

test.each(['\0'.repeat(700), '{"timestamp":"2025-', '{}\n'])(
  'what is no whole event in events.jsonl is kept aside and told, and the others stay',
  async (rest) => {
    const { bench, id, folder } = await interrupted();
    const path = join(folder, 'events.jsonl');
    const before = await readFile(path, 'utf8');
    await appendFile(path, rest);
    await goneOn(bench, id);
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    const kinds = lines.map((line) => JSON.parse(line).kind);
    expect(lines.join('\n').startsWith(before)).toBe(true);
    expect(kinds).toContain('events_mended');
    expect(await readFile(`${path}.torn`, 'utf8')).toBe(rest);
  },
);
