import { appendFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { profile as profileSchema } from '../../../shared/api/profile.ts';
import { isoMicros } from '../../../shared/clock.ts';
import {
  chunkOf,
  START_MICROS,
  vehicleLine,
  writeChunk,
  writeVehicle,
} from '../../../test/support/dive-files.ts';
import { temporaryFolder } from '../../../test/support/recorder-bench.ts';
import { Chunks } from '../../format/chunks.ts';
import { type ProfileSource, Profiles } from './profile.ts';

const KD = 0.2;
const DIVE_S = 120;
const CACHE = '.profile.jsonl';

let source: ProfileSource;
let warnings: string[];
beforeEach(async () => {
  source = {
    sessionId: '6f1c1f9e-3a52-4d0c-8f43-1d2a7a3b9c55',
    folder: await temporaryFolder(),
    startTime: isoMicros(START_MICROS),
    byWallClock: false,
    ...{ events: [], chunks: new Chunks(), isFinished: true },
  };
  warnings = [];
});

const newProfiles = () => new Profiles((detail) => warnings.push(detail));

/** Down to 12 m in 40 s, level for 40 s, and up again. */
const depthAt = (second: number) => 0.3 * Math.min(second, 40, 120 - second);
const lightAt = (second: number) => 1000 * Math.exp(-KD * depthAt(second));

/** Ten readings a second between two seconds. */
function readings(from: number, to: number): [number, number][] {
  const count = 10 * (to - from);
  return Array.from({ length: count }, (_, step) => {
    const second = from + step / 10;
    return [second, lightAt(second)];
  });
}

/** The dive in two chunks. */
async function dived(): Promise<void> {
  await writeVehicle(source.folder, [0, DIVE_S], depthAt);
  const chunks = [readings(0, 50), readings(50, DIVE_S)];
  const written = chunks.map((rows, at) => writeChunk(source.folder, at, rows));
  source.chunks = Chunks.of(await Promise.all(written));
}

test('the casts of a dive have the Kd of the water, over bins of 0.25 m', async () => {
  await dived();
  const profile = await newProfiles().profile(source, 0);
  expect(profileSchema.parse(profile)).toEqual(profile);
  expect(profile).toMatchObject({ problem: null, total_rows: 1200 });
  expect(profile.casts.map(({ direction }) => direction)).toEqual(['down', 'up']);
  for (const { fit, bins } of profile.casts) {
    expect(fit.attenuation?.kd_per_m).toBeCloseTo(KD, 3);
    expect(fit.attenuation?.e0).toBeCloseTo(1000, -1);
    expect(fit.attenuation?.one_percent_depth_m).toBeCloseTo(4.605 / KD, 0);
    expect(bins.depth_m).toEqual([...bins.depth_m].sort((a, b) => a - b));
    expect(bins.depth_m.length).toBeGreaterThan(40);
  }
  expect(profile.left_out.not_moving).toBeGreaterThan(350);
  expect(profile.left_out.without_depth).toBe(1);
});

test('the dark offset is taken off before the logarithm, and what it leaves nothing of is counted', async () => {
  await dived();
  const profiles = newProfiles();
  const dark = await profiles.profile(source, 100);
  expect(dark.dark_offset).toBe(100);
  expect(dark.left_out.not_above_dark).toBeGreaterThan(10);
  expect(dark.casts[0]?.fit.attenuation?.kd_per_m).toBeGreaterThan(KD * 1.2);
});

test('readings in a hole of the depth are left out and counted', async () => {
  await dived();
  await rm(join(source.folder, 'vehicle.jsonl'));
  await writeVehicle(source.folder, [0, 10], depthAt);
  await writeVehicle(source.folder, [20, DIVE_S], depthAt);
  const { left_out, casts } = await newProfiles().profile(source, 0);
  expect(left_out.without_depth).toBeGreaterThan(95);
  expect(left_out.without_depth).toBeLessThan(105);
  expect(casts[0]?.bins.depth_m.filter((depth) => depth > 3.1 && depth < 5.9)).toEqual([]);
  expect(casts[0]?.fit.attenuation?.kd_per_m).toBeCloseTo(KD, 3);
});

test('lines that can not be read are left out and counted, one still being written is not', async () => {
  await dived();
  await appendFile(join(source.folder, 'vehicle.jsonl'), '{"timestamp":"x"}\nnot JSON\n{"times');
  await appendFile(join(source.folder, 'chunk_00000.jsonl'), 'nonsense\n');
  const { left_out, total_rows } = await newProfiles().profile(source, 0);
  expect(left_out.damaged_lines).toBe(3);
  expect(total_rows).toBe(1200);
});

test('without a vehicle, a depth, a chunk or a cast it says so', async () => {
  const problem = async () => (await newProfiles().profile(source, 0)).problem;
  expect(await problem()).toMatch(/no depth/);
  await writeVehicle(source.folder, [0, 10], () => null);
  expect(await problem()).toMatch(/No chunk/);
  source.chunks = Chunks.of([await writeChunk(source.folder, 0, readings(0, 10))]);
  expect(await problem()).toMatch(/never told its depth/);
  await writeVehicle(source.folder, [10, 20], () => 3);
  expect(await problem()).toMatch(/way of 2 m or more/);
});

test('markers stand at the depth of their moment, if it is known', async () => {
  await dived();
  const marker = (elapsed_s: number, detail: string) => ({
    ...{ timestamp: source.startTime, elapsed_s, kind: 'marker', detail },
  });
  source.events = [
    marker(500, 'Later'),
    marker(20, 'Seagrass'),
    { ...marker(30, 'x'), kind: 'other' },
  ];
  const { markers } = await newProfiles().profile(source, 0);
  expect(markers).toEqual([
    { elapsed_s: 20, text: 'Seagrass', depth_m: expect.closeTo(6) },
    { elapsed_s: 500, text: 'Later', depth_m: null },
  ]);
});

test('rows without elapsed_s go by the wall clock, as the vehicle then does', async () => {
  const time = (second: number) => isoMicros(START_MICROS + second * 1e6).replace('Z', '+00:00');
  const rows = Array.from({ length: 400 }, (_, step) => {
    const second = step / 10;
    return `${time(second)},QSR,freerun,${lightAt(second)},,\n`;
  });
  const header = 'timestamp,sensor_id,mode,value,TempC,Vin\n';
  await writeFile(join(source.folder, 'chunk_00000.csv'), header + rows.join(''));
  source.chunks = Chunks.of([chunkOf(0, 'chunk_00000.csv', 'its own', 1)]);
  source.byWallClock = true;
  // The session's own seconds are off: only the wall clock fits.
  const lines = Array.from({ length: 250 }, (_, step) =>
    vehicleLine(1000 + step / 5, depthAt(step / 5), step / 5),
  );
  await writeFile(join(source.folder, 'vehicle.jsonl'), lines.join(''));
  const { casts, left_out } = await newProfiles().profile(source, 0);
  expect(casts[0]?.fit.attenuation?.kd_per_m).toBeCloseTo(KD, 3);
  expect(left_out.without_depth).toBe(0);
});

test('what was made of a finished session is kept in its folder, until one of its files changes', async () => {
  await dived();
  const made = await newProfiles().profile(source, 0);
  const path = join(source.folder, CACHE);
  const changed = async () => (await stat(path)).mtimeMs;
  const before = await changed();
  expect(await newProfiles().profile(source, 0)).toEqual(made);
  expect(await changed()).toBe(before);
  await writeVehicle(source.folder, [DIVE_S, DIVE_S + 5], () => 0);
  await newProfiles().profile(source, 0);
  expect(await changed()).not.toBe(before);
});

test('a kept profile that was damaged is made anew', async () => {
  await dived();
  const made = await newProfiles().profile(source, 0);
  const path = join(source.folder, CACHE);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"total_rows":1200', '"total_rows":1300'));
  expect(await newProfiles().profile(source, 0)).toEqual(made);
  expect(warnings).toEqual([]);
});

test('of a session that is recorded nothing is kept on the disk, and what is new is taken up', async () => {
  await dived();
  const all = source.chunks;
  const running = { ...source, isFinished: false, chunks: Chunks.of([...all].slice(0, 1)) };
  const profiles = newProfiles();
  expect((await profiles.profile(running, 0)).total_rows).toBe(500);
  expect((await profiles.profile({ ...running, chunks: all }, 0)).total_rows).toBe(1200);
  expect(await readdir(source.folder)).not.toContain(CACHE);
});

test('a chunk that is gone is an error of this answer only', async () => {
  await dived();
  const profiles = newProfiles();
  const gone = { ...source, chunks: Chunks.of([chunkOf(9, 'chunk_00009.jsonl', '', 1)]) };
  await expect(profiles.profile(gone, 0)).rejects.toThrow('ENOENT');
  expect((await profiles.profile(source, 0)).problem).toBeNull();
});
