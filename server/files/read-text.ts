import { readFile } from 'node:fs/promises';
import { isMissing, isUnreadable } from './storage-error.ts';

/** A file's text; null where there is none. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A file's text, empty where there is none; null where the disk does not give it back. */
export async function readOrLost(path: string): Promise<string | null> {
  try {
    return (await readIfThere(path)) ?? '';
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}
