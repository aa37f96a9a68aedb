import { realpath } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { Clock, Instant } from '../../shared/clock.ts';
import type { OpenPort } from './port.ts';

/** What an open link tells its owner. */
export interface LinkListener {
  data(text: string, at: Instant): void;
  /** Exactly once, also when the owner closed it. */
  closed(reason: string): void;
}

/**
 * An open serial device. Bytes come as latin1 text: one character a byte, none
 * lost or joined. However the device goes away, `closed` is told once.
 */
export class Link {
  /** The device's own node, where the path is a link. */
  readonly node: string;
  #stream: Duplex;
  #open = true;

  private constructor(node: string, stream: Duplex) {
    this.node = node;
    this.#stream = stream;
  }

  /** Rejects with the operating system's error when the port can't be opened. */
  static async open(
    open: OpenPort,
    path: string,
    baud: number,
    clock: Clock,
    listener: LinkListener,
  ): Promise<Link> {
    const stream = await open(path, baud);
    const node = await realpath(path).catch(() => path);
    const link = new Link(node, stream);
    link.#listen(clock, listener);
    return link;
  }

  #listen(clock: Clock, listener: LinkListener): void {
    const closed = (reason: string) => {
      if (!this.#open) return;
      this.#open = false;
      listener.closed(reason);
    };
    // The stream stays listened to after closing: a late error must not end the process.
    this.#stream.on('error', (error) => closed(error.message));
    this.#stream.on('close', (error?: Error) => closed(error?.message ?? 'the port was closed'));
    this.#stream.on('end', () => closed('the device went away'));
    this.#stream.on('data', (bytes: Buffer) => {
      if (this.#open) listener.data(bytes.toString('latin1'), clock.now());
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Never waits: a device that is gone makes itself known through `closed`. */
  send(text: string): void {
    if (this.#open && !this.#stream.destroyed) this.#stream.write(Buffer.from(text, 'latin1'));
  }

  /** Resolves when the port is free again, and after `limitMs` at the latest. */
  close(limitMs = 2000): Promise<void> {
    if (this.#stream.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#stream.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#stream.destroy();
    });
  }
}
