import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';

/** More than all pages, mirrors and scripts around a vehicle ever open. */
const MOST = 500;
const LEAST = 16;
/** Of the handles that the process may have; the others are for files and the sensor. */
const SHARE = 0.5;

/** Keeps connections from using up all handles: a recording needs a new file each interval. */
export async function limitConnections(server: Server): Promise<void> {
  server.maxConnections = connectionLimit(
    await readFile('/proc/self/limits', 'utf8').catch(() => ''),
  );
}

/** `limits`: as the kernel tells the limits of a process; empty where it tells none. */
export function connectionLimit(limits: string): number {
  const handles = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  return Math.max(LEAST, Math.min(MOST, Math.floor(handles * SHARE)));
}
