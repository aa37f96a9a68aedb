import { expect, test } from 'vitest';
import { rig } from '../../test/support/sensor-rig.ts';

test('where no rate leads to a sensor it says what it tried; a disconnect breaks the search off', async () => {
  const { device, sensor } = rig();
  device.faults.silent = true;
  const search = expect(sensor.findBaud('port', 9600)).rejects.toMatchObject({
    code: 'sensor_no_answer',
    message: expect.stringMatching(/nothing came at 9600, 115200, .*1200 baud/),
  });
  await search;
  const broken = sensor.findBaud('port', 9600).catch((error: Error) => error.message);
  await expect.poll(() => sensor.snapshot().state).toBe('DISCONNECTED');
  await sensor.disconnect();
  expect(await broken).toMatch(/closed/);
}, 90_000);
