import { existsSync } from 'node:fs';
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { VEHICLE_MANIFEST as MANIFEST, VEHICLE_FILE as VEHICLE } from '../../shared/vehicle.ts';
import {
  Bench,
  filesLike,
  OPTIONS,
  readingAt,
  temporaryFolder,
} from '../../test/support/recorder-bench.ts';
import { sampleAt, sealedRows } from '../../test/support/vehicle-rows.ts';
import { readEvents } from '../format/events.ts';
import { mendTrack } from './mend-track.ts';

/** In memory a sync costs nothing, and there are hundreds of recoveries. */
const QUICK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A recording as the disk holds it at the moment of a kill: 16 rows in two seals, 5 unsealed. */
interface Wreck {
  id: string;
  root: string;
  clock: { wallMicros: number; mono: number };
  vehicle: Buffer;
  manifest: Buffer;
  /** Bytes that the manifest says are sealed. */
  sealed: number;
}

let template: Wreck;

async function wreck(): Promise<Wreck> {
  const bench = await Bench.make({ root: await temporaryFolder(QUICK) });
  const { session_id: id } = await bench.recorder.start({ ...OPTIONS, chunkIntervalS: 2 });
  const folder = bench.folder(id);
  const read = (name: string) => readFile(join(folder, name));
  for (let row = 0; row < 21; row += 1) {
    bench.recorder.append(readingAt(bench.clock));
    bench.recorder.vehicle(sampleAt(bench.clock.now(), row));
    bench.clock.pass(0.25);
  }
  await vi.waitFor(async () => expect(String(await read(VEHICLE)).split('\n')).toHaveLength(22));
  await vi.waitFor(async () => expect(String(await read(MANIFEST)).split('\n')).toHaveLength(3));
  const root = await temporaryFolder(QUICK);
  await cp(bench.root, root, { recursive: true });
  const [vehicle, manifest] = [await read(VEHICLE), await read(MANIFEST)];
  const sealed = JSON.parse(String(manifest).split('\n')[1] ?? '').size_bytes;
  return { id, root, clock: bench.clock.now(), vehicle, manifest, sealed };
}

beforeEach(async () => {
  template = await wreck();
});

/** A copy with other bytes in its two files; gives its session's folder. */
async function damaged(vehicle: Buffer, manifest: Buffer) {
  const root = await temporaryFolder(QUICK);
  await cp(template.root, root, { recursive: true });
  const folder = join(root, template.id);
  await writeFile(join(folder, VEHICLE), vehicle);
  await writeFile(join(folder, MANIFEST), manifest);
  return { root, folder };
}

const wholeRows = (bytes: Buffer) => {
  const rows = String(template.vehicle).split('\n').slice(0, -1);
  const lines = bytes.toString('latin1').split('\n').slice(0, -1);
  return lines.filter((line) => rows.includes(line)).map((line) => `${line}\n`);
};

/** What lies in the folder under this name, and aside of it. */
async function keptAside(folder: string, name: string): Promise<Buffer> {
  const names = await filesLike(folder, new RegExp(`^${name}\\.torn`));
  return Buffer.concat(await Promise.all(names.map((one) => readFile(join(folder, one)))));
}

const damage = fc.record({
  cut: fc.oneof(fc.nat({ max: 8000 }), fc.constant(1e6)),
  zeros: fc.constantFrom(0, 0, 1, 100, 70_000),
  garbage: fc.uint8Array({ maxLength: 30 }),
  /** A bit that is turned over, anywhere. */
  flip: fc.option(fc.nat({ max: 8000 }), { freq: 3 }),
  manifestCut: fc.nat({ max: 600 }),
});

test('after any damage every whole row is sealed, nothing is deleted, and the file goes on', async () => {
  await fc.assert(
    fc.asyncProperty(damage, async ({ cut, zeros, garbage, flip, manifestCut }) => {
      const vehicle = Buffer.concat([
        template.vehicle.subarray(0, cut),
        Buffer.alloc(zeros),
        garbage,
      ]);
      if (flip !== null && flip < vehicle.length) vehicle[flip] = (vehicle[flip] ?? 0) ^ 0x80;
      const { root, folder } = await damaged(vehicle, template.manifest.subarray(0, manifestCut));
      const next = await Bench.make({ root });
      Object.assign(next.clock, template.clock);
      next.clock.pass(3);
      await next.recover();
      const whole = wholeRows(vehicle);
      const found = whole.length === 0 ? '' : await readFile(join(folder, VEHICLE), 'utf8');
      expect(found).toBe(whole.join(''));
      expect((await keptAside(folder, VEHICLE)).length + found.length).toBe(vehicle.length);
      expect(await sealedRows(folder)).toHaveLength(whole.length);
      next.recorder.vehicle(sampleAt(next.clock.now(), 99));
      await next.recorder.suspend();
      expect((await sealedRows(folder)).at(-1)).toMatchObject({ depth_m: 99 });
      expect(await sealedRows(folder)).toHaveLength(whole.length + 1);
      await rm(root, { recursive: true });
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('what was sealed before a crash is the beginning of what is sealed after it, at any byte of it', async () => {
  const { sealed, vehicle, manifest } = template;
  const lastRow = vehicle.lastIndexOf('\n', vehicle.length - 2) + 1;
  const cuts = [sealed, sealed + 1, lastRow - 1, lastRow, lastRow + 1, vehicle.length - 1];
  for (const cut of [...cuts, vehicle.length]) {
    const { root, folder } = await damaged(vehicle.subarray(0, cut), manifest);
    const { repairs } = await mendTrack(folder);
    expect(repairs.map(({ kind }) => kind)).toEqual(cut === sealed ? [] : ['vehicle_recovered']);
    expect((await readFile(join(folder, MANIFEST))).subarray(0, manifest.length)).toEqual(manifest);
    const whole = wholeRows(vehicle.subarray(0, cut));
    expect(await sealedRows(folder)).toHaveLength(whole.length);
    expect((await mendTrack(folder)).repairs).toEqual([]);
    await rm(root, { recursive: true });
  }
});

test('a sealed row that reads otherwise now is told of, and what was sealed is kept on record', async () => {
  const { vehicle, manifest } = template;
  const changed = Buffer.from(String(vehicle).replace('"depth_m":7', '"depth_m":8'));
  const { root, folder } = await damaged(changed, manifest);
  const next = await Bench.make({ root });
  Object.assign(next.clock, template.clock);
  const report = await next.recover();
  expect(report).toContainEqual(
    expect.objectContaining({ kind: 'vehicle_damaged', rows: 21, rows_before: 16 }),
  );
  expect((await readEvents(folder)).map(({ kind }) => kind)).toContain('vehicle_damaged');
  expect(await keptAside(folder, MANIFEST)).toEqual(manifest);
  expect(await sealedRows(folder)).toHaveLength(21);
});

test('a file that is gone, or has no row left, is told of', async () => {
  for (const loss of [
    rm,
    (path: string) => truncate(path, 0),
    (path: string) => truncate(path, 9),
  ]) {
    const { folder } = await damaged(template.vehicle, template.manifest);
    await loss(join(folder, VEHICLE));
    const { soFar, repairs } = await mendTrack(folder);
    expect(soFar).toBeNull();
    expect(repairs).toMatchObject([{ kind: 'vehicle_missing', rows_before: 16 }]);
    expect(await sealedRows(folder)).toEqual([]);
    expect(await keptAside(folder, MANIFEST)).toEqual(template.manifest);
  }
});
