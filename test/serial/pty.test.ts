import { existsSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { openRealPort } from '../../server/serial/real-port.ts';
import { SimulatedDevice } from '../../server/simulator/device.ts';
import { type Pty, startPty } from '../../server/simulator/pty.ts';

const ptys: Pty[] = [];
afterEach(async () => {
  for (const pty of ptys.splice(0)) await pty.close();
});

async function started(device: SimulatedDevice): Promise<Pty> {
  const pty = await startPty(device);
  ptys.push(pty);
  return pty;
}

const opened = (path: string): Promise<Duplex> => openRealPort(path, 115_200);

function heard(port: Duplex): () => string {
  let text = '';
  port.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  return () => text;
}

const closed = (port: Duplex): Promise<void> =>
  new Promise((resolve) => port.once('close', () => resolve()).destroy());

test('the serial port library talks with the device both ways', async () => {
  const device = new SimulatedDevice({ speed: 20, settings: { baud: 115_200 } });
  const port = await opened((await started(device)).path);
  const text = heard(port);
  await expect.poll(text).toMatch(/\d\.\d{6}, 2\d\.\d\d, 7\.\d{3}\r\n/);
  port.write('\x1b');
  await expect.poll(text).toContain('Select the letter of the menu entry:\r\n');
  port.write('^');
  await expect.poll(text).toContain('\r\n8,115200,1.000000,,E,4.003,');
  await closed(port);
});

test('500 lines a second arrive, each of them', async () => {
  const settings = { baud: 115_200, rate: 500, averaging: 1, quiet: true, voltage: false };
  const device = new SimulatedDevice({ settings });
  const sent: string[] = [];
  const pty = await startPty(device);
  ptys.push(pty);
  device.onReading(({ text }) => sent.push(text));
  const port = await opened(pty.path);
  const text = heard(port);
  await expect.poll(() => sent.length, { timeout: 20_000 }).toBeGreaterThan(1000);
  device.powerOff();
  const all = sent.map((line) => `${line}\r\n`).join('');
  await expect.poll(() => text().length).toBeGreaterThanOrEqual(all.length);
  expect(text().startsWith(all)).toBe(true);
  expect(pty.lostBytes).toBe(0);
  await closed(port);
});

test('an unplug closes the port and takes the node away; the device goes on', async () => {
  const device = new SimulatedDevice({ speed: 20, settings: { baud: 115_200 } });
  let sent = 0;
  device.onReading(() => {
    sent += 1;
  });
  const pty = await started(device);
  const port = await opened(pty.path);
  await expect.poll(heard(port)).toMatch(/\d\r\n/);
  const end = new Promise<{ disconnected?: boolean } | null>((resolve) =>
    port.once('close', resolve),
  );
  await pty.unplug();
  expect(await end).toMatchObject({ disconnected: true });
  expect(existsSync(pty.path)).toBe(false);
  const before = sent;
  await expect.poll(() => sent).toBeGreaterThan(before);
  const text = heard(await opened((await started(device)).path));
  await expect.poll(text).toMatch(/\d\r\n/);
  expect(text()).not.toContain('Biospherical');
});
