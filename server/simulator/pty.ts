import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, write } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import type { SimulatedDevice } from './device.ts';

/** A device that other processes reach through a pseudo-terminal. */
export interface Pty {
  /** What a serial port library opens, such as `/dev/pts/4`. Any baud rate fits. */
  readonly path: string;
  /** Bytes that nobody read in time. */
  readonly lostBytes: number;
  /** Pulls the adapter out: the node is gone. The device goes on. */
  unplug(): Promise<void>;
  /** Unplugs, and switches the device off. */
  close(): Promise<void>;
}

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/** A terminal that has not been read for so long is not open; its bytes are lost, as on a real port. */
const UNREAD_LIMIT_MILLIS = 5000;

/** The package's own open() reads the slave too, and so steals what is sent; this is what lies under it. */
function native(): NativePty {
  const { requireBinary } = createRequire(import.meta.url)('@lydell/node-pty/requireBinary.js');
  return requireBinary('pty.node');
}

/** Plugs the device into a new pseudo-terminal. */
export async function startPty(device: SimulatedDevice): Promise<Pty> {
  const { master, slave, pty } = native().open(80, 24);
  // The slave stays open here: else the master fails whenever nobody has it open.
  // Raw before the first byte, or the terminal sends it back.
  execFileSync('stty', ['raw', '-echo'], { stdio: [slave, 'ignore', 'inherit'] });
  const terminal = new ReadStream(master);
  const port = device.plug();
  const lost = forward(port, master);
  terminal.on('data', (bytes: Buffer) => port.write(bytes));

  const unplug = async (): Promise<void> => {
    if (terminal.destroyed) return;
    port.destroy();
    terminal.destroy();
    closeSync(slave);
    await once(terminal, 'close');
  };
  const close = async (): Promise<void> => {
    await unplug();
    device.powerOff();
  };
  return {
    path: pty,
    get lostBytes() {
      return lost();
    },
    unplug,
    close,
  };
}

/**
 * Passes on what the device sends. Returns how many bytes were lost since nobody reads.
 * Not by terminal.write: on a full terminal that would stop this whole process.
 */
function forward(port: NodeJS.ReadableStream, master: number): () => number {
  let lost = 0;
  let waiting: Buffer[] = [];
  let writingSince: number | null = null;
  const next = (error: Error | null): void => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    writingSince = bytes.length > 0 && !error ? performance.now() : null;
    if (writingSince !== null) writeAll(master, bytes, next);
  };
  port.on('data', (bytes: Buffer) => {
    if (performance.now() - (writingSince ?? performance.now()) > UNREAD_LIMIT_MILLIS) {
      lost += bytes.length;
      return;
    }
    waiting.push(bytes);
    if (writingSince === null) next(null);
  });
  return () => lost;
}

function writeAll(master: number, bytes: Buffer, done: (error: Error | null) => void): void {
  write(master, bytes, (error, written) => {
    if (error || written === bytes.length) done(error);
    else writeAll(master, bytes.subarray(written), done);
  });
}
