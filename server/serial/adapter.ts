import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { absent, attribute, entries, type Roots } from './ports.ts';

/** What tells a serial device from all others, whatever node it has just now. */
export interface Adapter {
  /** Where it is plugged in, as the kernel shows it: the same after a replug into the same socket. */
  location: string;
  /** Vendor and product of USB; null where it is no USB device. */
  model: string | null;
  /** Vendor, product, serial number and interface of USB; null where one of them is not told. */
  serial: string | null;
}

/** Of a node, or of a link to one; null where it is no device of the machine. */
export async function adapterAt(path: string, roots: Roots): Promise<Adapter | null> {
  const node = await realpath(path).catch(absent(null));
  return node === null ? null : adapterNamed(basename(node), roots);
}

/** All there are now, by their nodes. */
export async function adapters(roots: Roots): Promise<Map<string, Adapter>> {
  const names = await entries(join(roots.sys, 'class/tty'));
  const found = await Promise.all(
    names.map(async (name): Promise<[string, Adapter][]> => {
      const adapter = await adapterNamed(name, roots);
      return adapter ? [[join(roots.dev, name), adapter]] : [];
    }),
  );
  return new Map(found.flat());
}

async function adapterNamed(name: string, { sys }: Roots): Promise<Adapter | null> {
  const device = await realpath(join(sys, 'class/tty', name, 'device')).catch(absent(null));
  if (device === null) return null;
  // Some drivers put a folder named as the tty below the interface, others do not.
  const location = basename(device) === name ? dirname(device) : device;
  // The USB device is the folder above its interface.
  const tell = (file: string) => attribute(join(dirname(location), file));
  const [vendor, product, serial] = await Promise.all(
    ['idVendor', 'idProduct', 'serial'].map(tell),
  );
  if (!vendor || !product) return { location, model: null, serial: null };
  const [, interfaceNumber = ''] = basename(location).split(':');
  const model = `${vendor}:${product}:${interfaceNumber}`;
  return { location, model, serial: serial ? `${model}:${serial}` : null };
}
