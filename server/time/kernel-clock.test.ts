import { expect, test } from 'vitest';
import { kernelClockOf, readKernelClock, UNKNOWN_CLOCK } from './kernel-clock.ts';

test('a clock that nothing keeps right says so, and not by how much it is off', () => {
  expect(kernelClockOf('5 16000000')).toEqual({ isSet: false, maxErrorS: null });
  expect(kernelClockOf('0 31500')).toEqual({ isSet: true, maxErrorS: 0.0315 });
});

test('what can not be asked is not known', async () => {
  expect(kernelClockOf('-1 0')).toEqual(UNKNOWN_CLOCK);
  expect(kernelClockOf('')).toEqual(UNKNOWN_CLOCK);
  expect([true, false, null]).toContain((await readKernelClock()).isSet);
});
