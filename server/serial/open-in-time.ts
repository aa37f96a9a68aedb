import type { Duplex } from 'node:stream';
import type { OpenPort } from './port.ts';

/** A device opens in milliseconds; clients of /connect wait 30 s. */
const LIMIT_MS = 5000;

/**
 * Rejects when the driver does not answer within `limitMs`, so that nobody waits for it for
 * ever. Such a driver holds a thread: the path is not opened again until it has answered.
 */
export function openInTime(open: OpenPort, limitMs = LIMIT_MS): OpenPort {
  const hanging = new Set<string>();
  return async (path, baud) => {
    if (hanging.has(path)) throw new Error('its driver still does not answer');
    hanging.add(path);
    const opening = open(path, baud).finally(() => hanging.delete(path));
    return await beforeLimit(opening, limitMs);
  };
}

function beforeLimit(opening: Promise<Duplex>, limitMs: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new Error('its driver does not answer'));
    }, limitMs);
    void opening
      .then((stream) => (late ? letGo(stream) : resolve(stream)), reject)
      .finally(() => clearTimeout(timer));
  });
}

/** Nobody waits for it any more, nor for what closing it may say. */
function letGo(stream: Duplex): void {
  stream.on('error', () => undefined);
  stream.destroy();
}
