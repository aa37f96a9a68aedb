import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import { isSystemError } from './storage-error.ts';

const AGAIN_MS = 100;

/** The process or the machine has too much open, or too little memory, just now: the disk is well. */
const PASSING = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'];

export function isPassing(error: unknown): boolean {
  return isSystemError(error) && PASSING.includes(error.code ?? '');
}

/** Opens a file; where no handle is left it waits for one, since rows wait in memory meanwhile. */
export async function openWhenFree(path: string, flags: string): Promise<FileHandle> {
  for (;;) {
    try {
      return await open(path, flags);
    } catch (error) {
      if (!isPassing(error)) throw error;
      await after(AGAIN_MS);
    }
  }
}
