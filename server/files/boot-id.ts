import { readFile } from 'node:fs/promises';
import { isMissing } from './storage-error.ts';

/** The monotonic clock counts from boot, so it can be compared only within one. */
export async function readBootId(): Promise<string | null> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
