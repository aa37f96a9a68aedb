import { expect, test } from 'vitest';
import { axis, bytes, count, par, rate } from './number.ts';

test.each([
  [0, '0.00000'],
  [0.000066, '0.00007'],
  [0.010046, '0.01005'],
  [0.5, '0.50000'],
  [1.234567, '1.2346'],
  [27.68, '27.680'],
  [218.3912, '218.39'],
  [2214.77, '2214.8'],
  [12_345.6, '12346'],
  [-0.0012, '-0.00120'],
])('light of %f reads %s', (value, text) => {
  expect(par(value)).toBe(text);
});

test('light of one order of magnitude always has the same width', () => {
  for (let value = 100; value < 1000; value += 0.37) expect(par(value)).toHaveLength(6);
});

test('rates, counts and bytes have the digits that matter', () => {
  expect([rate(0.967), rate(15.2), rate(484)]).toEqual(['0.97', '15.2', '484']);
  expect(count(1_800_000)).toBe('1\u202f800\u202f000');
  expect([bytes(0), bytes(999), bytes(124_800), bytes(21.4e9)]).toEqual([
    '0 B',
    '999 B',
    '125 kB',
    '21.4 GB',
  ]);
});

test('axis labels are short and carry no noise of floating point', () => {
  expect([0, 0.30000000000000004, 450, 1e6, 1e-6].map(axis)).toEqual([
    '0',
    '0.3',
    '450',
    '1e+6',
    '1e-6',
  ]);
});
