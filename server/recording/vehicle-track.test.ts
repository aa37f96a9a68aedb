import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { snapshots } from '../../shared/api/recording.ts';
import { VEHICLE_MANIFEST as MANIFEST, VEHICLE_FILE as VEHICLE } from '../../shared/vehicle.ts';
import {
  Bench,
  filesLike,
  OPTIONS,
  readingAt,
  temporaryFolder,
  verifiedRows,
} from '../../test/support/recorder-bench.ts';
import { sampleAt, sealedRows } from '../../test/support/vehicle-rows.ts';
import { readEvents } from '../format/events.ts';
import { readMetadata } from '../format/metadata.ts';

/** Light at 10 Hz and the vehicle at 5 Hz, as time goes by; the depth counts the rows. */
function record(bench: Bench, rows: number, from = 0): void {
  for (let row = 0; row < rows; row += 1) {
    bench.recorder.vehicle(sampleAt(bench.clock.now(), from + row));
    bench.record(2);
  }
}

const depths = async (folder: string) => (await sealedRows(folder)).map(({ depth_m }) => depth_m);
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
const kinds = async (folder: string) => (await readEvents(folder)).map(({ kind }) => kind);

async function begun(options: Partial<typeof OPTIONS> & { format?: 'csv' } = {}) {
  const bench = await Bench.make();
  const { session_id: id } = await bench.recorder.start({ ...OPTIONS, ...options });
  const catalogue = bench.catalogue();
  const listed = async () =>
    snapshots.parse(JSON.parse(String(Buffer.concat((await catalogue.snapshots(id)).body))))
      .other_files;
  return { bench, id, folder: bench.folder(id), catalogue, listed };
}

describe('vehicle.jsonl', () => {
  test('is sealed at each interval; what came after that is not listed', async () => {
    const { bench, folder, listed, catalogue, id } = await begun();
    const before = (await catalogue.snapshots(id)).etag;
    record(bench, 50);
    bench.clock.pass(1);
    await vi.waitFor(async () => expect(await listed()).toMatchObject([{ row_count: 50 }]));
    expect(await depths(folder)).toEqual(numbers(50));
    expect((await catalogue.snapshots(id)).etag).not.toBe(before);
    const { path, size, sha256, grows } = await catalogue.sealedFile(id, VEHICLE);
    expect([{ path, size, sha256, grows }, (await listed())[0]]).toMatchObject([
      { path: join(folder, VEHICLE), grows: true },
      { size_bytes: size, sha256 },
    ]);
    record(bench, 2, 50);
    await vi.waitFor(async () => expect(await lines(folder)).toHaveLength(52));
    expect(await listed()).toMatchObject([{ row_count: 50 }]);
  });

  test('is sealed to its last row when the recording is stopped', async () => {
    const { bench, folder, listed, catalogue, id } = await begun();
    record(bench, 127);
    await bench.recorder.stop();
    expect(await depths(folder)).toEqual(numbers(127));
    const rows = await sealedRows(folder);
    expect(rows[126]?.elapsed_s).toBeCloseTo(25.2);
    expect((await readMetadata(folder))?.other_files).toEqual(await listed());
    expect((await catalogue.session(id)).other_files).toEqual(await listed());
  });

  test('is not there where the vehicle said nothing, nor is any word of it', async () => {
    const { bench, folder, listed } = await begun();
    bench.record(200);
    expect(await bench.recorder.stop()).toMatchObject({ total_rows: 200 });
    expect(await filesLike(folder, /vehicle/)).toEqual([]);
    expect(await listed()).toEqual([]);
    expect(await readMetadata(folder)).not.toHaveProperty('other_files');
  });

  test('goes on in the same file after a restart', async () => {
    const { bench, folder, id } = await begun();
    record(bench, 30);
    await bench.recorder.suspend();
    expect(await depths(folder)).toEqual(numbers(30));
    const next = await bench.restarted();
    expect(await next.recover()).toEqual([]);
    record(next, 30, 30);
    expect(await next.recorder.stop()).toMatchObject({ session_id: id, total_rows: 120 });
    expect(await depths(folder)).toEqual(numbers(60));
    expect((await readFile(join(folder, MANIFEST), 'utf8')).split('\n').length).toBeGreaterThan(2);
  });

  test('is kept with the sessions of survey clients too, and its time never goes back', async () => {
    const { bench, folder, id } = await begun({ format: 'csv' });
    record(bench, 60);
    await bench.untilSealed(1);
    await vi.waitFor(async () => expect(await lines(folder)).toHaveLength(60));
    const killed = await temporaryFolder();
    await cp(bench.root, killed, { recursive: true });
    const next = await Bench.make({ root: killed });
    next.clock.mono = 12;
    next.clock.step(-8 * 30 * 86_400);
    await next.recover();
    record(next, 5, 60);
    await next.recorder.stop();
    expect(await depths(next.folder(id))).toEqual(numbers(65));
  });

  test('that can not be written costs no light, is told of, and is left to the next start', async () => {
    const { bench, folder, id } = await begun();
    await mkdir(join(folder, VEHICLE));
    record(bench, 60);
    await vi.waitFor(() => expect(bench.recorder.active?.vehicleProblem).toContain('EISDIR'));
    record(bench, 60);
    expect(await bench.recorder.stop()).toMatchObject({ total_rows: 240 });
    expect(await verifiedRows(folder)).toHaveLength(240);
    expect((await kinds(folder)).filter((kind) => kind === 'vehicle_not_recorded')).toHaveLength(1);
    expect(await readMetadata(folder)).toMatchObject({ state: 'complete', needs_recovery: true });
    const next = await bench.restarted();
    expect(await next.recover()).toMatchObject([{ session_id: id, kind: 'vehicle_unmended' }]);
    expect(await readMetadata(folder)).toMatchObject({ needs_recovery: true });
    await rm(join(folder, VEHICLE), { recursive: true });
    await writeFile(join(folder, VEHICLE), '');
    await next.recover();
    expect(await readMetadata(folder)).toMatchObject({ state: 'complete', needs_recovery: false });
  });

  test('that can not be mended does not keep the light from going on', async () => {
    const { bench, folder } = await begun();
    bench.record(10);
    await bench.recorder.suspend();
    await mkdir(join(folder, VEHICLE));
    const next = await bench.restarted();
    await next.recover();
    record(next, 10);
    expect(next.recorder.active?.vehicleProblem).toContain('could not be mended');
    expect(await next.recorder.stop()).toMatchObject({ total_rows: 30 });
  });

  test('is sealed too when the light’s own file fails', async () => {
    const { bench, folder } = await begun();
    record(bench, 50);
    await bench.untilSealed(0);
    await mkdir(join(folder, 'chunk_00001.jsonl.part'));
    bench.recorder.vehicle(sampleAt(bench.clock.now(), 50));
    bench.recorder.append(readingAt(bench.clock));
    await vi.waitFor(() => expect(bench.failures).toHaveLength(1), { timeout: 10_000 });
    expect(await depths(folder)).toEqual(numbers(51));
    expect((await readMetadata(folder))?.other_files).toMatchObject([{ row_count: 51 }]);
  });
});

async function lines(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, VEHICLE), 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}
