import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type DeviceOptions, type SentReading, SimulatedDevice } from './device.ts';
import type { Settings } from './settings.ts';

const PROMPT = 'Select the letter of the menu entry:\r\n';
/** A line takes a quarter of a second, long enough to cut it. */
const SLOW: Partial<Settings> = { baud: 1200, quiet: true };
const MID_LINE = /(^|\n)\d+\.\d*$/;
const devices: SimulatedDevice[] = [];

afterEach(() => {
  for (const device of devices.splice(0)) device.powerOff();
});

/** A device on a fast line, with a second lasting a tenth. */
function deviceWith(settings: Partial<Settings> = {}, options: DeviceOptions = {}) {
  const fast = { baud: 115_200, ...settings };
  const device = new SimulatedDevice({ speed: 10, burst: 0, ...options, settings: fast });
  const readings: SentReading[] = [];
  device.onReading((reading) => readings.push(reading));
  devices.push(device);
  return { device, readings };
}

/** What has come out of a port so far. */
function heard(port: Duplex): () => string {
  let text = '';
  port.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  return () => text;
}

/** Resolves while the line is as far as the shape says, not at some later look. */
function untilHeard(port: Duplex, shape: RegExp): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    port.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (shape.test(text)) resolve();
    });
  });
}

const untilSent = (readings: SentReading[], count: number): Promise<void> =>
  expect.poll(() => readings.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);

test('every line that the port gives is told, exactly and in order', async () => {
  const { device, readings } = deviceWith();
  const text = heard(device.plug(115_200));
  await untilSent(readings, 40);
  const sampled = text().split('quiet mode =0\r\n')[1] ?? '';
  const told = readings.map((reading) => `${reading.text}\r\n`).join('');
  await expect.poll(() => sampled.startsWith(told) || told.startsWith(sampled)).toBe(true);
  expect(readings.every(({ delivered }) => delivered)).toBe(true);
  expect(readings.every(({ mono }, i) => mono >= (readings[i - 1]?.mono ?? 0))).toBe(true);
});

test('the line takes its time at the baud rate, in bursts', async () => {
  const { device } = deviceWith({ baud: 9600 }, { speed: 1, burst: 16 });
  const port = device.plug(9600);
  const pieces: number[] = [];
  port.on('data', (bytes: Buffer) => pieces.push(bytes.length));
  const text = heard(port);
  await expect.poll(text, { timeout: 10_000 }).toContain('Calfactor');
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.reduce((sum, piece) => sum + piece, 0) / pieces.length).toBeGreaterThan(8);
});

test('a device that nobody has open goes on, and tells that its readings were lost', async () => {
  const { device, readings } = deviceWith();
  device.plug(115_200).destroy();
  await untilSent(readings, 5);
  expect(readings.some(({ delivered }) => delivered)).toBe(false);
  const text = heard(device.plug(115_200));
  await expect.poll(text).toMatch(/\d\r\n/);
  expect(text()).not.toContain('Biospherical');
});

test('it stays in its menu while the port is closed and opened', async () => {
  const { device, readings } = deviceWith();
  const first = device.plug(115_200);
  const before = heard(first);
  await untilSent(readings, 1);
  first.write('\x1b');
  await expect.poll(before, { timeout: 10_000 }).toContain(PROMPT);
  first.destroy();
  const second = device.plug(115_200);
  const after = heard(second);
  second.write('^');
  await expect.poll(after, { timeout: 10_000 }).toMatch(/^8,115200,.*Select the letter/s);
});

test('an unplug is one error and one close', async () => {
  const { device } = deviceWith();
  const port = device.plug(115_200);
  const errors: string[] = [];
  let closes = 0;
  port.on('error', (error) => errors.push(error.message));
  port.on('close', () => {
    closes += 1;
  });
  device.unplug();
  device.unplug();
  await expect.poll(() => closes).toBe(1);
  expect(errors).toEqual(['The simulated adapter was unplugged']);
  device.faults.absent = true;
  expect(() => device.plug(115_200)).toThrow('its adapter is not plugged in');
  device.faults.absent = false;
  expect(device.plug(115_200).destroyed).toBe(false);
});

test('a port that is open cannot be opened again', () => {
  const { device } = deviceWith();
  device.plug(115_200);
  expect(() => device.plug(115_200)).toThrow('it is open already');
});

test('a line that an unplug cuts counts as lost', async () => {
  const { device, readings } = deviceWith(SLOW, { speed: 1, burst: 1 });
  const first = device.plug(1200);
  first.on('error', () => undefined);
  await untilHeard(first, MID_LINE);
  device.unplug();
  const whole = readings.length;
  device.plug(1200);
  await untilSent(readings, whole + 2);
  const fates = readings.map(({ delivered }) => delivered);
  expect(fates.slice(whole, whole + 2)).toEqual([false, true]);
  expect(fates.slice(0, whole)).not.toContain(false);
});

test('a line that falls silent in its middle counts as lost', async () => {
  const { device, readings } = deviceWith(SLOW, { speed: 1, burst: 1 });
  await untilHeard(device.plug(1200), MID_LINE);
  const whole = readings.length;
  device.faults.silent = true;
  await setTimeout(50);
  device.faults.silent = false;
  await untilSent(readings, whole + 1);
  expect(readings[whole]?.delivered).toBe(false);
});

test('a silent device says nothing, and hears', async () => {
  const { device, readings } = deviceWith();
  const port = device.plug(115_200);
  const text = heard(port);
  await untilSent(readings, 1);
  device.faults.silent = true;
  const before = text();
  await untilSent(readings, readings.length + 5);
  expect(text()).toBe(before);
  expect(readings.at(-1)?.delivered).toBe(false);
});

test('at the wrong speed each end hears noise', async () => {
  const { device, readings } = deviceWith({ baud: 9600 });
  const port = device.plug(115_200);
  const text = heard(port);
  await untilSent(readings, 5);
  await expect.poll(() => text().length).toBeGreaterThan(500);
  expect(text()).not.toMatch(/Biospherical|\d\.\d{6}/);
  expect(readings.some(({ delivered }) => delivered)).toBe(false);
});

test('a device that resets itself cuts its line and begins anew', async () => {
  const { device } = deviceWith(SLOW, { speed: 1, burst: 1 });
  const port = device.plug(1200);
  const text = heard(port);
  await untilHeard(port, MID_LINE);
  device.settings.quiet = false;
  device.powerCycle();
  await expect.poll(text, { timeout: 10_000 }).toMatch(/\d+\.\d*\r\nBiospherical/);
});

test('a line that a reset cuts after its last digit is told: the banner ends it', async () => {
  const { device, readings } = deviceWith(SLOW, { speed: 1, burst: 1 });
  const port = device.plug(1200);
  await untilHeard(port, /(^|\n)\d+\.\d{6}, \d+\.\d{2}, \d\.\d{3}$/);
  const whole = readings.length;
  device.settings.quiet = false;
  device.powerCycle();
  expect(readings.slice(whole)).toMatchObject([{ delivered: true }]);
});

test('a device can fall into its menu by itself', async () => {
  const { device, readings } = deviceWith();
  const text = heard(device.plug(115_200));
  await untilSent(readings, 1);
  device.fallIntoMenu();
  await expect.poll(text, { timeout: 10_000 }).toContain(PROMPT);
});

test('settings changed behind its back count at once, or from the next reset', async () => {
  const { device, readings } = deviceWith();
  const text = heard(device.plug(115_200));
  await untilSent(readings, 1);
  Object.assign(device.settings, { preamble: '$NEW', temperature: false, mode: 'polled' });
  await expect.poll(text).toMatch(/\r\n\$NEW\d+\.\d{6}, 7\.\d{3}\r\n/);
  device.powerCycle();
  await expect.poll(text, { timeout: 10_000 }).toContain('Entering polled mainline sampling');
});

test('10 MB without a line end come out whole', async () => {
  const { device } = deviceWith();
  const port = device.plug(115_200);
  let sevens = 0;
  port.on('data', (bytes: Buffer) => {
    for (const byte of bytes) if (byte === 0x37) sevens += 1;
  });
  device.inject(Buffer.alloc(10 * 1024 * 1024, '7'));
  await expect.poll(() => sevens).toBeGreaterThanOrEqual(10 * 1024 * 1024);
});

test('a device that is switched off sends nothing more, and starts again', async () => {
  const { device, readings } = deviceWith();
  const text = heard(device.plug(115_200));
  await untilSent(readings, 1);
  device.powerOff();
  const before = text();
  device.inject('!');
  await expect.poll(text).toBe(`${before}!`);
  device.powerCycle();
  await expect.poll(text, { timeout: 10_000 }).toContain('!\r\nBiospherical');
});
