import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** A serial device as /ports lists it. */
export interface PortInfo {
  path: string;
  by_id: string | null;
  by_path: string | null;
  vendor: string | null;
  product: string | null;
  serial_number: string | null;
  /** null: not looked for. */
  busy: boolean | null;
}

/** Where the kernel shows its devices; tests hand in folders of their own. */
export interface Roots {
  sys: string;
  dev: string;
  proc: string;
}

export const SYSTEM_ROOTS: Roots = { sys: '/sys', dev: '/dev', proc: '/proc' };

/** The kernel's own screens, 64 of them: no need to look at each. */
const CONSOLE = /^tty\d*$/;

/**
 * Serial devices with hardware behind them, straight from /sys: slim images have no udevadm.
 * `looksForUse`: also whether anybody has them open, for which all processes are looked at.
 */
export async function listPorts(
  looksForUse: boolean,
  roots: Roots = SYSTEM_ROOTS,
): Promise<PortInfo[]> {
  const ttys = await entries(join(roots.sys, 'class/tty'));
  const names = ttys.filter((name) => !CONSOLE.test(name)).sort();
  const real = await Promise.all(names.map(async (name) => (await isReal(roots, name)) && name));
  const found = real.filter((name) => name !== false);
  const open = looksForUse ? await openedFiles(roots) : null;
  const links = await Promise.all([linksBy('by-id', roots), linksBy('by-path', roots)]);
  return Promise.all(found.map((name) => describe(roots, name, links, open)));
}

/** `/dev/ttyUSB0` → its name under a folder of /dev/serial. */
async function linksBy(kind: 'by-id' | 'by-path', { dev }: Roots): Promise<Map<string, string>> {
  const folder = join(dev, 'serial', kind);
  const links = await entries(folder);
  const pairs = links.map(async (link): Promise<[string, string]> => {
    const path = join(folder, link);
    return [await realpath(path).catch(absent('')), path];
  });
  return new Map(await Promise.all(pairs));
}

/** Ports without hardware have no device, or type 0 (an 8250 that is not there). */
async function isReal({ sys }: Roots, name: string): Promise<boolean> {
  const folder = join(sys, 'class/tty', name);
  const device = await readlink(join(folder, 'device')).catch(absent(null));
  return device !== null && (await attribute(join(folder, 'type'))) !== '0';
}

async function describe(
  { sys, dev }: Roots,
  name: string,
  [ids, places]: Map<string, string>[],
  open: Set<string> | null,
): Promise<PortInfo> {
  const path = join(dev, name);
  const usb = await usbFolder(await realpath(join(sys, 'class/tty', name, 'device')));
  const tell = async (file: string) => (usb === null ? null : attribute(join(usb, file)));
  const serial = await tell('serial');
  return {
    path,
    // Without a serial number another adapter may have the same one.
    by_id: serial === null ? null : (ids?.get(path) ?? null),
    by_path: places?.get(path) ?? null,
    vendor: (await tell('manufacturer')) ?? (await tell('idVendor')),
    product: (await tell('product')) ?? (await tell('idProduct')),
    serial_number: serial,
    busy: open === null ? null : open.has(path),
  };
}

/** The USB device lies a few folders above its tty. */
async function usbFolder(folder: string, levels = 4): Promise<string | null> {
  if (levels === 0) return null;
  if ((await attribute(join(folder, 'idVendor'))) !== null) return folder;
  return usbFolder(join(folder, '..'), levels - 1);
}

/** Device files that a process we can see has open. */
async function openedFiles({ proc }: Roots): Promise<Set<string>> {
  const processes = (await entries(proc)).filter((name) => /^\d+$/.test(name));
  const folders = processes.map((pid) => join(proc, pid, 'fd'));
  const files = await Promise.all(folders.map(async (folder) => links(folder)));
  return new Set(files.flat());
}

async function links(folder: string): Promise<string[]> {
  const names = await entries(folder);
  return Promise.all(names.map((name) => readlink(join(folder, name)).catch(absent(''))));
}

/** Nothing where there is no such folder. */
export function entries(folder: string): Promise<string[]> {
  return readdir(folder).catch(absent([]));
}

/** What a file of the kernel's says; null where there is none. */
export function attribute(path: string): Promise<string | null> {
  return readFile(path, 'utf8').then((text) => text.trim(), absent(null));
}

/** Devices and processes come and go while they are listed; other processes may be closed to us. */
export function absent<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    const expected = [
      'ENOENT',
      'ENOTDIR',
      'EACCES',
      'EPERM',
      'ESRCH',
      'EINVAL',
      'ENODEV',
      'EISDIR',
    ];
    if (error.code !== undefined && expected.includes(error.code)) return instead;
    throw error;
  };
}
