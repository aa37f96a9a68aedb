import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PortFinder } from './port-finder.ts';
import { listPorts, type Roots } from './ports.ts';

let base: string;
let roots: Roots;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'ports-'));
  roots = { sys: join(base, 'sys'), dev: join(base, 'dev'), proc: join(base, 'proc') };
  await mkdir(join(roots.dev, 'serial/by-id'), { recursive: true });
  await mkdir(join(roots.proc, '77/fd'), { recursive: true });
});
afterEach(() => rm(base, { recursive: true }));

const BY_ID = 'usb-FTDI_FT232R_USB_UART_A1-if00-port0';

/** A USB adapter as the kernel shows it: /sys, /dev and the link under by-id. */
async function plug(name: string): Promise<void> {
  const usb = join(roots.sys, 'devices/usb1/1-1');
  const device = join(usb, '1-1:1.0', name);
  await mkdir(device, { recursive: true });
  const facts = {
    idVendor: '0403',
    manufacturer: 'FTDI',
    product: 'FT232R USB UART',
    serial: 'A1',
  };
  for (const [file, text] of Object.entries(facts)) await writeFile(join(usb, file), `${text}\n`);
  await mkdir(join(roots.sys, 'class/tty', name), { recursive: true });
  await symlink(device, join(roots.sys, 'class/tty', name, 'device'));
  await writeFile(join(roots.dev, name), '');
  await rm(join(roots.dev, 'serial/by-id', BY_ID), { force: true });
  await symlink(`../../${name}`, join(roots.dev, 'serial/by-id', BY_ID));
}

test('an adapter is listed with its stable name, vendor and product', async () => {
  await plug('ttyUSB0');
  expect(await listPorts(roots)).toEqual([
    {
      path: join(roots.dev, 'ttyUSB0'),
      by_id: join(roots.dev, 'serial/by-id', BY_ID),
      vendor: 'FTDI',
      product: 'FT232R USB UART',
      serial_number: 'A1',
      busy: false,
    },
  ]);
});

test('a port that a process has open is busy', async () => {
  await plug('ttyUSB0');
  await symlink(join(roots.dev, 'ttyUSB0'), join(roots.proc, '77/fd/4'));
  expect(await listPorts(roots)).toMatchObject([{ busy: true }]);
});

test('ttys with no hardware behind them are left out', async () => {
  await mkdir(join(roots.sys, 'class/tty/tty1'), { recursive: true });
  const ghost = join(roots.sys, 'class/tty/ttyS3');
  await mkdir(ghost, { recursive: true });
  await symlink(roots.sys, join(ghost, 'device'));
  await writeFile(join(ghost, 'type'), '0\n');
  expect(await listPorts(roots)).toEqual([]);
});

test('the machine that this runs on can be asked', async () => {
  expect(await listPorts()).toBeInstanceOf(Array);
});

test('an adapter that comes back under another name is found', async () => {
  const finder = new PortFinder(roots);
  const port = join(roots.dev, 'ttyUSB0');
  await plug('ttyUSB0');
  await finder.remember(port);
  await rm(port);
  await plug('ttyUSB1');
  expect(await finder.find(port)).toBe(join(roots.dev, 'serial/by-id', BY_ID));
});

test('a port that was never opened is looked for as it was named', async () => {
  expect(await new PortFinder(roots).find('/dev/ttyUSB7')).toBe('/dev/ttyUSB7');
});
