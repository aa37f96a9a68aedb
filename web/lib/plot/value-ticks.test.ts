import { expect, test } from 'vitest';
import type { ScaleKind } from '../series/value-range.ts';
import { valueTicks } from './value-ticks.ts';

const values = (min: number, max: number, kind: ScaleKind): number[] =>
  valueTicks({ min, max }, kind).map((tick) => tick.value);

test('few decades are divided at 2 and 5, many are not', () => {
  expect(values(1, 100, 'log')).toEqual([1, 2, 5, 10, 20, 50, 100]);
  expect(values(0.0001, 1000, 'log')).toEqual([0.0001, 0.001, 0.01, 0.1, 1, 10, 100, 1000]);
});

test('a linear axis is labelled at whole steps, also when it ends between them', () => {
  expect(values(1350, 1750, 'linear')).toEqual([1400, 1500, 1600, 1700]);
  expect(values(0, 0.012, 'linear').map((value) => value.toFixed(3))).toEqual([
    '0.000',
    '0.002',
    '0.004',
    '0.006',
    '0.008',
    '0.010',
    '0.012',
  ]);
});
