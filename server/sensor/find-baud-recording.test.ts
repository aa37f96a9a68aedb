import { expect, test } from 'vitest';
import { acquiring, more } from '../../test/support/sensor-rig.ts';

test('a recording that lost its sensor to another baud rate goes on at the one that is found', async () => {
  const { device, sensor, readings } = await acquiring();
  await more(readings);
  device.settings.baud = 57_600;
  device.powerCycle();
  await expect.poll(() => sensor.snapshot().problem?.kind, { timeout: 20_000 }).toBeTruthy();
  await expect.poll(() => sensor.snapshot().reconnecting, { timeout: 20_000 }).toBe(true);
  expect(await sensor.findBaud('port', 115_200)).toMatchObject({ baud: 57_600 });
  await more(readings);
  expect(sensor.snapshot()).toMatchObject({ state: 'ACQ_FREERUN', problem: null, baud: 57_600 });
}, 60_000);
