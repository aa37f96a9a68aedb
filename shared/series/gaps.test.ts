import { expect, test } from 'vitest';
import { GapFinder } from './gaps.ts';

function finderAfter(times: readonly number[]): GapFinder {
  const finder = new GapFinder();
  for (const time of times) finder.push(time);
  return finder;
}

const every = (ms: number, count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => from + i * ms);

test('an even stream has no gap', () => {
  expect(finderAfter(every(1034, 100)).gaps).toEqual([]);
});

test('one missing reading at 1 Hz is a gap between its neighbours', () => {
  const times = every(1034, 20).filter((_, i) => i !== 10);
  expect(finderAfter(times).gaps).toEqual([{ from: 9 * 1034, to: 11 * 1034 }]);
});

test('bursts of an adapter are no gaps', () => {
  const times = every(2, 1000).map((time) => Math.ceil(time / 16) * 16);
  expect(finderAfter(times).gaps).toEqual([]);
});

test('a slower pace is a gap at first and then the usual', () => {
  const finder = finderAfter([...every(100, 50), ...every(2000, 20, 7000)]);
  expect(finder.gaps.length).toBeLessThanOrEqual(4);
  expect(finder.periodMs).toBeCloseTo(2000);
});

test('a faster pace is learnt, so that later holes are seen', () => {
  const finder = finderAfter([...every(2000, 5), ...every(100, 100, 8100), 30_000]);
  expect(finder.gaps.at(-1)).toEqual({ from: 18_000, to: 30_000 });
});

test('a shift moves the gaps with the readings', () => {
  const finder = finderAfter([0, 100, 200, 5000]);
  finder.shift(1000);
  finder.push(6100);
  expect(finder.gaps).toEqual([{ from: 1200, to: 6000 }]);
});
