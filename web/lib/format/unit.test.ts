import { expect, test } from 'vitest';
import { unit } from './unit.ts';

test.each([
  ['umol/(m2 s)', 'µmol/(m²·s)'],
  ['uE/cm2s', 'µE/(cm²·s)'],
  ['volts', 'V'],
  [' quanta ', 'quanta'],
  ['', ''],
  [null, ''],
])('the unit %j is shown as %j', (told, shown) => {
  expect(unit(told)).toBe(shown);
});
