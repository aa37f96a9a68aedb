import { expect, test } from 'vitest';
import { averagesOf } from '../../server/simulator/light.ts';
import { defaultSettings } from '../../server/simulator/settings.ts';
import {
  DIVE_KD,
  DIVE_SURFACE_LIGHT,
  diveAt,
  diveLight,
} from '../../server/simulator/vehicle/dive.ts';
import type { Attenuation } from '../api/profile.ts';
import { DepthTrack } from './depth-track.ts';
import { ProfileBuilder } from './profile.ts';

const SEEDS = 200;
const DARK = 0.01;
const DIVE_S = 215;
const BOTTOM_S = 72;

/** The track that a vehicle at 5 Hz leaves, to the millimetre as the autopilot tells it. */
function simulatedTrack(seconds: number): DepthTrack {
  const track = new DepthTrack();
  for (let step = 0; step <= 5 * seconds; step += 1) {
    const time = step / 5;
    track.add({ time, depth: Math.round(1000 * diveAt(time).depthM) / 1000, age: 0 });
  }
  return track;
}

/** The readings of a simulated sensor on the dive, at 15 Hz. */
function simulated(seed: number, seconds: number, darkOffset = DARK): ProfileBuilder {
  const builder = new ProfileBuilder(simulatedTrack(seconds), darkOffset);
  const averages = averagesOf(diveLight(seed), seed);
  let time = 0;
  for (let count = 0; time < seconds; count += 1) {
    const average = averages(count, time, defaultSettings());
    time = average?.at ?? seconds;
    builder.add(time, Number(average?.value));
  }
  return builder;
}

function downcast(seed: number): Attenuation {
  const found = simulated(seed, BOTTOM_S).casts()[0]?.fit.attenuation;
  if (!found) throw new Error(`no fit for seed ${seed}`);
  return found;
}

test('the Kd found is the Kd simulated, and its standard error is that of many dives', () => {
  const fits = Array.from({ length: SEEDS }, (_, at) => downcast(1000 + 7 * at));
  const offs = fits.map((found) => (found.kd_per_m - DIVE_KD) / found.kd_se_per_m);
  const share = (errors: number) => offs.filter((off) => Math.abs(off) < errors).length / SEEDS;
  expect(share(1)).toBeGreaterThan(0.58);
  expect(share(1)).toBeLessThan(0.76);
  expect(share(3)).toBeGreaterThan(0.95);
  expect(Math.abs(offs.reduce((sum, off) => sum + off, 0) / SEEDS)).toBeLessThan(0.3);
  const e0 = fits.reduce((sum, found) => sum + found.e0, 0) / SEEDS;
  expect(e0 / DIVE_SURFACE_LIGHT).toBeCloseTo(1, 1);
});

test('a dive has a cast down and one up; the cloud on the way up spoils that Kd, and its error says so', () => {
  const [down, up] = simulated(1, DIVE_S).casts();
  expect([down?.direction, up?.direction]).toEqual(['down', 'up']);
  const [well, badly] = [down?.fit.attenuation, up?.fit.attenuation];
  expect(badly?.kd_se_per_m).toBeGreaterThan(5 * (well?.kd_se_per_m ?? 1));
  expect(badly?.r2).toBeLessThan(well?.r2 ?? 0);
});

test('every reading is in a bin or counted among those left out', () => {
  const builder = simulated(3, DIVE_S, 400);
  const { without_depth, not_moving, not_above_dark } = builder.leftOut;
  const inBins = builder
    .casts()
    .flatMap(({ bins }) => bins.count)
    .reduce((sum, count) => sum + count, 0);
  expect(not_above_dark).toBeGreaterThan(100);
  expect(not_moving).toBeGreaterThan(100);
  expect(inBins + without_depth + not_moving + not_above_dark).toBe(builder.total);
});

test('a bin tells of its readings less the dark offset', () => {
  const track = new DepthTrack();
  for (let step = 0; step <= 100; step += 1)
    track.add({ time: step / 5, depth: step / 10, age: 0 });
  const builder = new ProfileBuilder(track, 1);
  const readings: [number, number][] = [
    [10, 4],
    [10.1, 3],
    [10.2, 1],
    [10.3, -5],
    [10.4, 9],
    [25, 7],
  ];
  for (const [time, value] of readings) builder.add(time, value);
  const [cast] = builder.casts();
  expect(cast?.bins).toMatchObject({ count: [3], min: [2], max: [8] });
  expect(cast?.bins.mean[0]).toBeCloseTo(13 / 3);
  expect(cast?.bins.mean_ln[0]).toBeCloseTo((Math.log(3) + Math.log(2) + Math.log(8)) / 3);
  expect(cast?.bins.depth_m[0]).toBeCloseTo((5 + 5.05 + 5.2) / 3);
  expect(builder.leftOut).toMatchObject({ not_above_dark: 2, without_depth: 1 });
});

test('on a cast only water that is new to it counts', () => {
  const track = new DepthTrack();
  const depthAt = (time: number) =>
    time < 20 ? time / 2 : time < 40 ? 10 - 1.5 * Math.sin((time - 20) / 2) ** 2 : 10.4;
  for (let step = 0; step <= 250; step += 1) {
    track.add({ time: step / 5, depth: depthAt(step / 5), age: 0 });
  }
  const builder = new ProfileBuilder(track, 0);
  for (let step = 0; step < 500; step += 1) builder.add(step / 10, step < 200 ? 5 : 1e6);
  const { max, depth_m } = builder.casts()[0]?.bins ?? { max: [], depth_m: [] };
  const passedAgain = depth_m.map((depth) => depth > 8.2 && depth < 9.5);
  expect(max.filter((_, at) => passedAgain[at])).toEqual([5, 5, 5, 5, 5]);
});
