import { expect, test } from 'vitest';
import { logTicks } from './log-ticks.ts';

const values = (min: number, max: number): number[] => logTicks(min, max).map((tick) => tick.value);

test('few decades are divided at 2 and 5, many are not', () => {
  expect(values(1, 100)).toEqual([1, 2, 5, 10, 20, 50, 100]);
  expect(values(0.001, 1000)).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000]);
});
