import type { Duplex } from 'node:stream';
import { SerialPort } from 'serialport';
import { readsOnLoop } from './loop-reads.ts';

/** The library knows it on Linux, its types do not. */
const LOW_LATENCY: Parameters<SerialPort['set']>[0] & { lowLatency: boolean } = {
  lowLatency: true,
};

/** Opens a real serial device: 8N1, no flow control, locked against other programs. */
export function openRealPort(path: string, baud: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate: baud, autoOpen: false, lock: true });
    port.open((error) => {
      if (error) return reject(error);
      if (port.port && 'poller' in port.port) readsOnLoop(port.port);
      // An adapter that can't (a pseudo-terminal neither) goes on in bursts: lines are timed by their bytes.
      port.set(LOW_LATENCY, () => resolve(closesOnDestroy(port)));
    });
  });
}

/** The library's destroy() leaves the device open: closing it is added here. */
function closesOnDestroy(port: SerialPort): Duplex {
  port._destroy = (error, done) => {
    if (!port.isOpen) return done(error);
    port.close(() => done(error));
  };
  return port;
}
