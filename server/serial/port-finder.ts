import { access, realpath } from 'node:fs/promises';
import { byId, type Roots, SYSTEM_ROOTS } from './ports.ts';

/**
 * Finds a device again after a replug: its name may move from ttyUSB0 to ttyUSB1,
 * the one under /dev/serial/by-id stays.
 */
export class PortFinder {
  #roots: Roots;
  #known = new Map<string, string>();

  constructor(roots: Roots = SYSTEM_ROOTS) {
    this.#roots = roots;
  }

  /** Call when the port was opened: from now on it is looked for by its stable name. */
  async remember(port: string): Promise<void> {
    const stable = (await byId(this.#roots)).get(port);
    if (stable) this.#known.set(port, stable);
  }

  /** Whether the node that was opened is still there, under its stable name or its own. */
  async isPresent(port: string): Promise<boolean> {
    if (port.startsWith('sim:')) return true;
    return access(await this.find(port)).then(
      () => true,
      () => false,
    );
  }

  /** Whether both are names of one device: links, as in /dev/serial, or the node itself. */
  async isSame(one: string, other: string): Promise<boolean> {
    if (one === other) return true;
    const [first, second] = await Promise.all(
      [one, other].map((port) => realpath(port).catch(gone)),
    );
    return first !== null && first === second;
  }

  /** Where the device is now; the port as it was named where nothing better is known. */
  async find(port: string): Promise<string> {
    const stable = this.#known.get(port);
    if (stable === undefined) return port;
    const present = [...(await byId(this.#roots)).values()];
    return present.includes(stable) ? stable : port;
  }
}

const gone = () => null;
