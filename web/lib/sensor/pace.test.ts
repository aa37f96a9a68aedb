import { expect, test } from 'vitest';
import { averagingOf, lineRateHz, paceOf } from './pace.ts';

const LINE = { baud: 9600, temperature: true, voltage: true };

test('125 samples at 125 Hz give 0.967 readings a second, as on hardware', () => {
  const pace = paceOf({ averaging: 125, adcRateHz: 125, ...LINE });
  expect(pace.nominalHz).toBe(1);
  expect(pace.trueHz).toBeCloseTo(0.967, 3);
  expect(pace.fits).toBe(true);
});

test('what the baud rate cannot carry is told', () => {
  expect(paceOf({ averaging: 1, adcRateHz: 125, ...LINE }).fits).toBe(false);
  const fast = { baud: 115_200, temperature: false, voltage: false };
  expect(paceOf({ averaging: 1, adcRateHz: 500, ...fast }).fits).toBe(true);
});

test('115200 baud carry 427 lines a second of values in thousands', () => {
  const line = { baud: 115_200, temperature: true, voltage: true };
  expect(lineRateHz({ ...line, value: 1234.56789 })).toBeCloseTo(426.67, 1);
  expect(lineRateHz({ ...line, value: 7.5 })).toBeGreaterThan(470);
});

test.each([
  ['8', 8],
  [65_535, 65_535],
  ['0', null],
  ['65536', null],
  ['1.5', null],
  ['', null],
  ['abc', null],
])('averaging %j is taken as %j', (text, value) => {
  expect(averagingOf(text)).toBe(value);
});
