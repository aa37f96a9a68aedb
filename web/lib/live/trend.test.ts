import { expect, test } from 'vitest';
import { ReadingRing } from '../series/ring.ts';
import { trendAt } from './trend.ts';

function ringOf(valueAt: (second: number) => number): ReadingRing {
  const ring = new ReadingRing();
  for (let second = 0; second <= 20; second += 0.5) ring.append(second * 1000, valueAt(second));
  return ring;
}

test('light that falls by half in ten seconds is falling', () => {
  const trend = trendAt(
    ringOf((second) => 100 * 0.5 ** (second / 10)),
    20_000,
  );
  expect(trend?.direction).toBe('falling');
  expect(trend?.percent).toBeCloseTo(-50, -1);
});

test('noise is steady, a rise is rising', () => {
  expect(
    trendAt(
      ringOf((second) => 100 + Math.sin(second * 9)),
      20_000,
    )?.direction,
  ).toBe('steady');
  expect(
    trendAt(
      ringOf((second) => 100 + second * 5),
      20_000,
    )?.direction,
  ).toBe('rising');
});

test('with too few readings nothing is said', () => {
  const ring = new ReadingRing();
  ring.append(0, 1);
  expect(trendAt(ring, 0)).toBeNull();
});
