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
const NAMELESS = 'usb-1a86_USB_Serial-if00-port0';
const FTDI = {
  ...{ idVendor: '0403', idProduct: '6001', manufacturer: 'FTDI' },
  ...{ product: 'FT232R USB UART', serial: 'A1' },
};
/** Has no serial number: all of its kind have one name under by-id. */
const CH340 = { idVendor: '1a86', idProduct: '7523', product: 'USB Serial' };

/** A USB adapter as the kernel shows it: /sys, /dev and the links under /dev/serial. */
async function plug(name: string, socket = '1-1', facts: Record<string, string> = FTDI) {
  const usb = join(roots.sys, `devices/usb1/${socket}`);
  const device = join(usb, `${socket}:1.0`, name);
  await mkdir(device, { recursive: true });
  for (const [file, text] of Object.entries(facts)) await writeFile(join(usb, file), `${text}\n`);
  await mkdir(join(roots.sys, 'class/tty', name), { recursive: true });
  await symlink(device, join(roots.sys, 'class/tty', name, 'device'));
  await writeFile(join(roots.dev, name), '');
  await link('by-id', facts['serial'] ? BY_ID : NAMELESS, name);
  await link('by-path', `pci-usb-0:${socket}:1.0-port0`, name);
}

async function link(kind: string, text: string, name: string): Promise<void> {
  await mkdir(join(roots.dev, 'serial', kind), { recursive: true });
  await rm(join(roots.dev, 'serial', kind, text), { force: true });
  await symlink(`../../${name}`, join(roots.dev, 'serial', kind, text));
}

async function unplug(name: string): Promise<void> {
  await rm(join(roots.dev, name));
  await rm(join(roots.sys, 'class/tty', name), { recursive: true });
}

const node = (name: string) => join(roots.dev, name);

test('an adapter is listed with its stable name, vendor and product', async () => {
  await plug('ttyUSB0');
  expect(await listPorts(true, roots)).toEqual([
    {
      path: join(roots.dev, 'ttyUSB0'),
      by_id: join(roots.dev, 'serial/by-id', BY_ID),
      by_path: join(roots.dev, 'serial/by-path/pci-usb-0:1-1:1.0-port0'),
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
  expect(await listPorts(true, roots)).toMatchObject([{ busy: true }]);
});

test('ttys with no hardware behind them are left out', async () => {
  await mkdir(join(roots.sys, 'class/tty/tty1'), { recursive: true });
  const ghost = join(roots.sys, 'class/tty/ttyS3');
  await mkdir(ghost, { recursive: true });
  await symlink(roots.sys, join(ghost, 'device'));
  await writeFile(join(ghost, 'type'), '0\n');
  expect(await listPorts(true, roots)).toEqual([]);
});

test('the machine that this runs on can be asked', async () => {
  expect(await listPorts(false)).toBeInstanceOf(Array);
});

test('an adapter that comes back under another name, in another socket, is found by its serial number', async () => {
  const finder = new PortFinder(roots);
  await plug('ttyUSB0');
  await finder.remember(node('ttyUSB0'));
  await unplug('ttyUSB0');
  expect(await finder.find(node('ttyUSB0'))).toBeNull();
  await plug('ttyUSB1', '1-2');
  expect(await finder.find(node('ttyUSB0'))).toBe(node('ttyUSB1'));
});

test('one without a serial number is found in its socket; another that got its name is never taken for it', async () => {
  const finder = new PortFinder(roots);
  await plug('ttyUSB0', '1-1', CH340);
  await plug('ttyUSB1', '1-2', CH340);
  await finder.remember(node('ttyUSB0'));
  await Promise.all(['ttyUSB0', 'ttyUSB1'].map(unplug));
  await plug('ttyUSB0', '1-2', CH340);
  expect(await finder.find(node('ttyUSB0'))).toBeNull();
  expect(await finder.isPresent(node('ttyUSB0'))).toBe(false);
  await plug('ttyUSB1', '1-1', CH340);
  expect(await finder.find(node('ttyUSB0'))).toBe(node('ttyUSB1'));
});

test('a name that two adapters share is refused, and those that lead to one of them are named', async () => {
  const finder = new PortFinder(roots);
  await plug('ttyUSB0', '1-1', CH340);
  const shared = join(roots.dev, 'serial/by-id', NAMELESS);
  await finder.check(shared);
  await plug('ttyUSB1', '1-2', CH340);
  await expect(finder.check(shared)).rejects.toThrow(/ttyUSB0 and .*ttyUSB1.*by-path/);
  await finder.check(join(roots.dev, 'serial/by-path/pci-usb-0:1-1:1.0-port0'));
  await plug('ttyUSB2', '1-3');
  await finder.check(join(roots.dev, 'serial/by-id', BY_ID));
});

test('adapters without a serial number are listed by their sockets', async () => {
  await plug('ttyUSB0', '1-1', CH340);
  expect(await listPorts(true, roots)).toMatchObject([
    { by_id: null, by_path: expect.stringContaining('1-1:1.0'), serial_number: null },
  ]);
});

test('links to one node are names of one port', async () => {
  const finder = new PortFinder(roots);
  await plug('ttyUSB0');
  await plug('ttyUSB1', '1-2', CH340);
  const byId = join(roots.dev, 'serial/by-id', BY_ID);
  expect(await finder.isSame(byId, node('ttyUSB0'))).toBe(true);
  expect(await finder.isSame(byId, node('ttyUSB1'))).toBe(false);
  expect(await finder.isSame('/dev/none', '/dev/nothing')).toBe(false);
});

test('a port that was never opened is looked for as it was named', async () => {
  expect(await new PortFinder(roots).find('/dev/ttyUSB7')).toBe('/dev/ttyUSB7');
});
