import { expect, test } from 'vitest';
import { legsOf, Movement, verticalSpeed } from './casts.ts';
import { DepthTrack } from './depth-track.ts';

const STEP_S = 0.2;

/** Five rows a second of a depth that is a function of time; NaN: not known. */
function trackOf(seconds: number, depthAt: (time: number) => number): DepthTrack {
  const track = new DepthTrack();
  for (let step = 0; step <= seconds / STEP_S; step += 1) {
    const depth = depthAt(step * STEP_S);
    const known = !Number.isNaN(depth);
    track.add({ time: step * STEP_S, depth: known ? depth : null, age: known ? 0 : null });
  }
  return track;
}

/** Down for 30 s to 9 m, level for 20 s, up for 30 s. */
const vee = (time: number) => 0.3 * Math.min(30, time, 80 - time);

test('a dive has one leg down and one up, and a swell makes no more of them', () => {
  const swell = (time: number) => vee(time) + 0.3 * Math.sin((2 * Math.PI * time) / 7);
  for (const depthAt of [vee, swell]) {
    const legs = legsOf(trackOf(80, depthAt));
    expect(legs.map(({ direction }) => direction)).toEqual(['down', 'up']);
    expect(legs[0]?.end).toBeGreaterThan(25);
    expect(legs[0]?.end).toBe(legs[1]?.begin);
  }
});

test('dives one after the other are legs of their own', () => {
  const yoyo = (time: number) => 5 - 5 * Math.cos((2 * Math.PI * time) / 60);
  const legs = legsOf(trackOf(180, yoyo));
  expect(legs.map(({ direction }) => direction)).toEqual([
    ...['down', 'up', 'down', 'up', 'down', 'up'],
  ]);
  expect(legs.map(({ begin }) => Math.round(begin))).toEqual([0, 30, 60, 90, 120, 150]);
});

test('who follows the bottom up and down by 3 m on a dive to 18 m makes no more legs', () => {
  const relief = (time: number) =>
    time < 60 ? 0.3 * time : time > 180 ? 0.3 * (240 - time) : 18 - 3 * Math.sin(time / 6) ** 2;
  expect(legsOf(trackOf(240, relief)).map(({ direction }) => direction)).toEqual(['down', 'up']);
});

test('a session that begins at depth begins with its ascent', () => {
  const up = trackOf(60, (time) => 20 - 0.2 * time);
  expect(legsOf(up).map(({ direction }) => direction)).toEqual(['up']);
});

test('a vehicle that stays where it is has no leg', () => {
  expect(legsOf(trackOf(60, (time) => 3 + 0.5 * Math.sin(time / 3)))).toEqual([]);
  expect(legsOf(new DepthTrack())).toEqual([]);
});

test('legs go on over a hole in the depth', () => {
  const holed = trackOf(80, (time) => (time > 10 && time < 20 ? Number.NaN : vee(time)));
  expect(legsOf(holed).map(({ direction }) => direction)).toEqual(['down', 'up']);
});

test('the speed is that of a steady descent, and near 0 in a swell of 5 s', () => {
  const steady = trackOf(20, (time) => 0.3 * time);
  expect(verticalSpeed(steady, 50)).toBeCloseTo(0.3);
  const swell = trackOf(40, (time) => 5 + 0.2 * Math.sin((2 * Math.PI * time) / 5));
  for (let point = 20; point < 180; point += 1) {
    expect(Math.abs(verticalSpeed(swell, point))).toBeLessThan(0.1);
  }
});

test('beside a hole the speed comes from this side of it, and from few points it does not come', () => {
  const jump = trackOf(20, (time) =>
    time < 10 ? 0.3 * time : time < 11 ? Number.NaN : time < 11.5 ? 40 : Number.NaN,
  );
  expect(verticalSpeed(jump, 48)).toBeCloseTo(0.3);
  expect(verticalSpeed(jump, 56)).toBeNaN();
});

test('level stretches follow neither direction', () => {
  const track = trackOf(80, vee);
  const movement = new Movement(track);
  const follows = (direction: 'down' | 'up') =>
    [75, 200, 325].map((point) => movement.follows(direction, point));
  expect(follows('down')).toEqual([true, false, false]);
  expect(follows('up')).toEqual([false, false, true]);
});
