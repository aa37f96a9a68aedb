import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Columns } from './columns.ts';
import { valueRange } from './value-range.ts';

function columnsOf(values: readonly number[]): Columns {
  const columns = new Columns();
  columns.reset({ from: 0, to: values.length, columns: values.length });
  values.forEach((value, i) => {
    columns.add(columns.at(i), 1, { lo: value, hi: value, sum: value }, i, i);
  });
  return columns;
}

test('every reading lies inside a linear axis', () => {
  const value = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const { min, max } = valueRange(columnsOf(values), 'linear', null);
      expect(min).toBeLessThanOrEqual(Math.min(...values.map(Math.fround)));
      expect(max).toBeGreaterThanOrEqual(Math.max(...values.map(Math.fround)));
    }),
  );
});

test('a log axis ends at decades and leaves out what is not above 0', () => {
  const range = valueRange(columnsOf([-0.002, 0.013, 1900]), 'log', null);
  expect(range.min).toBeCloseTo(0.01, 8);
  expect(range.max).toBe(10_000);
});

test('an axis stays while readings fit and fill it, grows at once, and shrinks when it is empty', () => {
  const wide = valueRange(columnsOf([0, 100]), 'linear', null);
  expect(valueRange(columnsOf([20, 90]), 'linear', wide)).toBe(wide);
  expect(valueRange(columnsOf([0, 300]), 'linear', wide).max).toBeGreaterThanOrEqual(300);
  expect(valueRange(columnsOf([40, 45]), 'linear', wide).max).toBeLessThan(60);
});

test('without readings the axis stays as it was', () => {
  const range = { min: 3, max: 4 };
  expect(valueRange(columnsOf([]), 'linear', range)).toBe(range);
  expect(valueRange(columnsOf([0, -1]), 'log', null)).toEqual({ min: 0.01, max: 10 });
});
