import { access, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type Adapter, adapterAt, adapters } from './adapter.ts';
import { absent, type Roots, SYSTEM_ROOTS } from './ports.ts';

/**
 * Finds a device again after a replug: its name may move from ttyUSB0 to ttyUSB1. By its serial
 * number, or by the socket that it was plugged into where it has none: another device that has got
 * its old name must not be typed into.
 */
export class PortFinder {
  readonly #roots: Roots;
  readonly #known = new Map<string, Adapter>();

  constructor(roots: Roots = SYSTEM_ROOTS) {
    this.#roots = roots;
  }

  /** Call when the port was opened: from now on this device is meant, whatever its name becomes. */
  async remember(port: string): Promise<void> {
    const adapter = await adapterAt(port, this.#roots);
    if (adapter) this.#known.set(port, adapter);
  }

  /**
   * Rejects where a name under /dev/serial/by-id belongs to several adapters: without a serial
   * number it leads to whichever came last.
   */
  async check(port: string): Promise<void> {
    if (!port.startsWith(join(this.#roots.dev, 'serial/by-id/'))) return;
    const meant = await adapterAt(port, this.#roots);
    if (meant === null || meant.serial !== null) return;
    const all = [...(await adapters(this.#roots))];
    const alike = all.filter(([, { model, serial }]) => serial === null && model === meant.model);
    if (alike.length < 2) return;
    const twins = alike.map(([node]) => node);
    throw new Error(
      `this name leads to whichever of ${twins.join(' and ')} came last, since they have no serial ` +
        'number. Give the name under /dev/serial/by-path of the one that you mean',
    );
  }

  /** Whether the node that was opened is still there, under whatever name. */
  async isPresent(port: string): Promise<boolean> {
    if (port.startsWith('sim:')) return true;
    // What can't be looked at just now, for want of handles, is not gone.
    const now = await this.find(port).catch(() => port);
    return (
      now !== null &&
      (await access(now).then(
        () => true,
        () => false,
      ))
    );
  }

  /** Whether both are names of one device: links, as in /dev/serial, or the node itself. */
  async isSame(one: string, other: string): Promise<boolean> {
    if (one === other) return true;
    const nodes = [one, other].map((port) => realpath(port).catch(absent(null)));
    const [first, second] = await Promise.all(nodes);
    return first !== null && first === second;
  }

  /** Where the device is now; null: it is not there. The port as it was named where nothing is known of it. */
  async find(port: string): Promise<string | null> {
    const known = this.#known.get(port);
    if (known === undefined) return port;
    for (const [node, adapter] of await adapters(this.#roots)) {
      const isIt = known.serial === null ? isAt(adapter, known) : adapter.serial === known.serial;
      if (isIt) return node;
    }
    return null;
  }
}

/** One without a serial number, in the socket of the other. */
function isAt(adapter: Adapter, known: Adapter): boolean {
  return adapter.serial === null && adapter.location === known.location;
}
