import { readSync } from 'node:fs';

/** What the library keeps of an open port on Linux and macOS. */
export interface PolledPort {
  /** Open without blocking; null once it was closed. */
  readonly fd: number | null;
  readonly poller: {
    once(event: 'readable', told: (error: Error | null) => void): unknown;
  };
  read(buffer: Buffer, offset: number, length: number): Promise<Read>;
}

interface Read {
  buffer: Buffer;
  bytesRead: number;
}

/**
 * Reads when the system says that there is something, at once and on the event loop. The
 * library would ask a thread for every burst of bytes, and a second time to learn that it was
 * the last: at 500 readings a second that is a third of what recording costs.
 */
export function readsOnLoop(port: PolledPort): void {
  port.read = async (buffer, offset, length) => {
    for (;;) {
      await readable(port);
      if (port.fd === null) throw Object.assign(new Error('Port is not open'), { canceled: true });
      const bytesRead = readNow(port.fd, buffer, offset, length);
      if (bytesRead > 0) return { buffer, bytesRead };
    }
  };
}

/** Rejects when the port was closed or the device went away. */
function readable({ poller }: PolledPort): Promise<void> {
  return new Promise((resolve, reject) => {
    poller.once('readable', (error) => (error ? reject(error) : resolve()));
  });
}

/** 0: another reader was faster. A device that says readable and gives nothing is gone. */
function readNow(fd: number, buffer: Buffer, offset: number, length: number): number {
  try {
    const bytesRead = readSync(fd, buffer, offset, length, null);
    if (bytesRead === 0) throw new Error('the device went away');
    return bytesRead;
  } catch (error) {
    if (error instanceof Error && 'code' in error && isNotYet(error.code)) return 0;
    throw error;
  }
}

function isNotYet(code: unknown): boolean {
  return code === 'EAGAIN' || code === 'EINTR';
}
