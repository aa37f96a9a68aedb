import { expect, test } from 'vitest';
import { averagedS, wireS } from './averaging.ts';
import { DepthTrack } from './depth-track.ts';
import { spikesOf } from './despike.ts';
import { student95 } from './student.ts';
import { tiltDeg } from './tilt.ts';

/** Five rows a second of a descent at 0.5 m/s, each then changed. */
function descent(change: (depth: number, step: number) => number | null): DepthTrack {
  const track = new DepthTrack();
  for (let step = 0; step < 200; step += 1) {
    track.add({ time: step / 5, depth: change(step / 10, step), age: 0 });
  }
  return track;
}

test('a depth far from those around it is a spike: 500 m, the surface, 5 m too deep', () => {
  for (const spike of [500, 0, 15]) {
    expect(spikesOf(descent((depth, step) => (step === 100 ? spike : depth)))).toEqual([100]);
  }
});

test('a dive has no spike at its ends, in a swell, or beside a hole', () => {
  expect(spikesOf(descent((depth) => depth))).toEqual([]);
  expect(spikesOf(descent((depth, step) => depth + 0.3 * Math.sin(step / 4)))).toEqual([]);
  expect(spikesOf(descent((depth, step) => (step > 90 && step < 110 ? null : depth)))).toEqual([]);
  expect(spikesOf(new DepthTrack())).toEqual([]);
});

test('a tilt is the angle between the sensor and the vertical', () => {
  expect(tiltDeg(0, 0)).toBeCloseTo(0);
  expect(tiltDeg(10, 0)).toBeCloseTo(10);
  expect(tiltDeg(0, -10)).toBeCloseTo(10);
  expect(tiltDeg(10, 10)).toBeCloseTo(14.1, 1);
  expect(tiltDeg(0, 20, 20)).toBeCloseTo(0, 5);
  expect(tiltDeg(0, -20, 20)).toBeCloseTo(40);
  expect(tiltDeg(180, 0)).toBeCloseTo(180);
});

test('a reading is averaged over the observed distance in freerun, else as the settings say', () => {
  const sensor = { averaging: 125, adcRateHz: 125 };
  const times = Array.from({ length: 20 }, (_, at) => 1.0338 * at + (at === 10 ? 0.2 : 0));
  expect(averagedS({ ...sensor, freerun: true }, times)).toBeCloseTo(1.0338);
  expect(averagedS({ ...sensor, freerun: true }, times.slice(0, 3))).toBeCloseTo(1.034);
  expect(averagedS({ ...sensor, freerun: false }, times)).toBeCloseTo(1.034);
  expect(averagedS({ averaging: null, adcRateHz: null, freerun: false }, times)).toBe(0);
});

test('a line of 24 bytes is on the wire for 25 ms at 9600 baud', () => {
  expect(wireS(24, 9600)).toBeCloseTo(0.025);
  expect(wireS(24, null)).toBe(0);
});

test('the 95 % interval is that of tables', () => {
  const known: [number, number][] = [
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [60, 2.0],
  ];
  for (const [degrees, width] of known) {
    expect(Math.abs(student95(degrees) / width - 1)).toBeLessThan(0.002);
  }
});
