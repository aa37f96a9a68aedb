import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DepthRow, DepthTrack, MOST_APART_S, OLDEST_DEPTH_S } from './depth-track.ts';

function trackOf(rows: readonly DepthRow[]): DepthTrack {
  const track = new DepthTrack();
  for (const row of rows) track.add(row);
  return track;
}

const row = (time: number, depth: number | null, age: number | null = 0): DepthRow => ({
  time,
  depth,
  age,
});

test('between two rows the depth lies on a straight line, on them it is theirs', () => {
  const track = trackOf([row(10, 1), row(10.5, 2)]);
  expect([10, 10.25, 10.5].map((time) => track.depthAt(time))).toEqual([1, 1.5, 2]);
});

test('before the first row and after the last one the depth is not known', () => {
  const track = trackOf([row(10, 1), row(10.2, 2)]);
  expect([9.999, 10.201].map((time) => track.depthAt(time))).toEqual([null, null]);
  expect(trackOf([]).depthAt(0)).toBeNull();
});

test('between rows more than 2 s apart the depth is not known', () => {
  const track = trackOf([row(0, 1), row(2, 2), row(4.001, 3)]);
  expect([1, 3].map((time) => track.depthAt(time))).toEqual([1.5, null]);
});

test('a row without a depth makes a hole up to both its neighbours', () => {
  const track = trackOf([row(0, 1), row(0.2, null, null), row(0.4, 2)]);
  expect([0, 0.1, 0.3, 0.4].map((time) => track.depthAt(time))).toEqual([1, null, null, 2]);
});

test('a depth older than 2 s is none', () => {
  const track = trackOf([row(0, 1), row(0.2, 1.5, 2.1), row(0.4, 2)]);
  expect(track.depthAt(0.1)).toBeNull();
});

test('a depth counts from when it was sent, and a message seen twice only once', () => {
  const track = trackOf([row(10, 1), row(10.2, 1, 0.2), row(10.4, 1.2, 0.1)]);
  expect(track.size).toBe(2);
  expect(track.depthAt(10.15)).toBeCloseTo(1.1);
  expect(track.depthAt(10.35)).toBeNull();
});

test('moments that the wall clock passed twice have no depth, those before and after do', () => {
  const before = [0, 1, 2, 3, 4].map((time) => row(time, time));
  const after = [2, 3, 4, 5, 6, 7].map((time) => row(time, 10 + time));
  const track = trackOf([...before, ...after]);
  expect([0.5, 1.5].map((time) => track.depthAt(time))).toEqual([0.5, 1.5]);
  expect([2.5, 3, 4].map((time) => track.depthAt(time))).toEqual([null, null, null]);
  expect([5.5, 7].map((time) => track.depthAt(time))).toEqual([15.5, 17]);
});

/** Rows of any gaps: a time ahead of the one before, a depth or none, and its age. */
const rows = fc
  .array(
    fc.record({
      ahead: fc.oneof(fc.constant(0.2), fc.double({ min: 0.01, max: 5, noNaN: true })),
      depth: fc.option(fc.double({ min: -1, max: 300, noNaN: true })),
      age: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 4, noNaN: true })),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let time = 0;
    return steps.map(({ ahead, depth, age }) => {
      time += ahead;
      return row(time, depth, depth === null ? null : age);
    });
  });

/** The same rule said another way: all rows are looked at for each moment. */
function plainly(all: readonly DepthRow[], time: number): number | null {
  const points: [number, number | null][] = [];
  for (const { time: made, depth, age } of all) {
    const known = depth !== null && age !== null && age <= OLDEST_DEPTH_S;
    const at = known ? made - age : made;
    if (at > (points.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY))
      points.push([at, known ? depth : null]);
  }
  const left = points.filter(([at]) => at <= time).at(-1);
  const right = points.find(([at]) => at > time);
  if (left === undefined || left[1] === null) return null;
  if (left[0] === time) return left[1];
  if (right === undefined || right[1] === null || right[0] - left[0] > MOST_APART_S) return null;
  const share = (time - left[0]) / (right[0] - left[0]);
  return left[1] * (1 - share) + right[1] * share;
}

test('with any gaps, asked in any order, it is the line between two good neighbours or nothing', () => {
  const moments = fc.array(fc.double({ min: -5, max: 120, noNaN: true }), { maxLength: 40 });
  fc.assert(
    fc.property(rows, moments, (all, some) => {
      const track = trackOf(all);
      for (const time of [...some, ...all.map((one) => one.time)]) {
        const expected = plainly(all, time);
        const found = track.depthAt(time);
        if (expected === null) expect(found).toBeNull();
        else expect(found).toBeCloseTo(expected, 6);
      }
    }),
  );
});
