import { Duplex } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { NO_STALLS } from '../../shared/stalls.ts';
import { START, wire } from '../../test/fixtures/wire-text.ts';
import { machineTime, SystemClock } from '../clock.ts';
import { Decimals } from './decimals.ts';
import { Device } from './device.ts';
import type { MenuSettings } from './menu.ts';

const SETTINGS = {
  ...{ mode: 'freerun', tag: null, preamble: '' },
  ...{ temperature: true, voltage: true, quiet: false },
} as MenuSettings;

/** An open device, what it has told, and the way to send it bytes. */
async function openDevice(settings: Partial<MenuSettings> = {}) {
  const port = new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() });
  const readings: string[] = [];
  const rejected: string[] = [];
  const clock = new SystemClock(machineTime());
  const parts = { openPort: async () => port, clock, stalls: NO_STALLS };
  const device = await Device.open(parts, 'port', 115_200, {
    reading: ({ value }) => readings.push(value),
    rejected: (reason) => rejected.push(reason),
    sent: () => undefined,
    left: () => undefined,
    sampling: () => undefined,
    fellIntoMenu: () => undefined,
    heldUp: () => undefined,
    closed: () => undefined,
  });
  device.expect({ ...SETTINGS, ...settings }, new Decimals(), 1);
  const send = (text: string) => port.push(Buffer.from(text, 'latin1'));
  send(wire(['', ...START]));
  return { readings, rejected, send };
}

test.each([false, true])(
  'a pause in the middle of a line ends the line: what follows does not join it (quiet mode: %s)',
  async (quiet) => {
    const { readings, rejected, send } = await openDevice({ quiet });
    send('11.901234, 27.68, 7.494\r\n12.901234, 27.68, 7.494\r\n12');
    await after(700);
    send('78.901234, 27.68, 7.494\r\n13.901234, 27.68, 7.494\r\n');
    await expect.poll(() => readings).toEqual(['11.901234', '12.901234', '13.901234']);
    expect(rejected.filter((reason) => reason === 'cut_short')).toHaveLength(1);
  },
);

test('a pause between two lines ends nothing', async () => {
  const { readings, send } = await openDevice();
  send('11.901234, 27.68, 7.494\r\n');
  await after(700);
  send('12.901234, 27.68, 7.494\r\n');
  await expect.poll(() => readings).toEqual(['11.901234', '12.901234']);
});
