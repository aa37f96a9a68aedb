import { expect, test } from 'vitest';
import { rig } from '../../test/support/sensor-rig.ts';
import type { SimulatedDevice } from '../simulator/device.ts';

/** A reading; nothing in the banner looks like one. */
const STREAMING = /\d\.\d{6}, \d+\.\d\d, \d\.\d{3}\r\n/;

/** Listens to the device, as another program would, until it says this. */
async function heardAt(device: SimulatedDevice, baud: number, what: RegExp): Promise<void> {
  const port = device.plug(baud);
  let text = '';
  port.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  await expect.poll(() => text, { interval: 5 }).toMatch(what);
  port.destroy();
}

test('the baud rate of a silent sensor is found, and nothing is sent to one that streams', async () => {
  const idle = rig({ baud: 57_600 });
  await heardAt(idle.device, 57_600, STREAMING);
  idle.device.fallIntoMenu();
  await heardAt(idle.device, 57_600, /Select the letter/);
  const found = await idle.sensor.findBaud('port', 9600);
  expect(found).toMatchObject({ sensorId: 'SIM0001', baud: 57_600 });
  expect(found.tried.slice(0, 3).map(({ baud }) => baud)).toEqual([9600, 115_200, 57_600]);
  expect(idle.sensor.snapshot()).toMatchObject({ state: 'CONFIG_MENU', baud: 57_600 });

  const streaming = rig({ baud: 19_200 });
  await heardAt(streaming.device, 19_200, STREAMING);
  const { baud, tried } = await streaming.sensor.findBaud('port', 9600);
  expect(baud).toBe(19_200);
  expect(tried.filter(({ heard }) => heard === 'noise').map(({ baud: at }) => at)).toEqual([
    9600, 115_200, 57_600, 38_400,
  ]);
}, 60_000);
