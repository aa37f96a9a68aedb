import { mkdir, statfs } from 'node:fs/promises';
import { ApiError } from '../../shared/errors.ts';
import { storageError } from './storage-error.ts';

/** Free space of the file system that holds the recordings. */
export class DiskSpace {
  readonly #path: string;
  #free: number | null = null;
  #total: number | null = null;
  #asking: Promise<number> | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Rejects with disk_full where less is free; makes the folder if it is missing. */
  async need(bytes: number): Promise<void> {
    try {
      await mkdir(this.#path, { recursive: true });
      if ((await this.measure()) >= bytes) return;
    } catch (error) {
      throw storageError(error);
    }
    throw new ApiError('disk_full', 'The disk is nearly full: delete old sessions first.');
  }

  /** Bytes free at the last measurement; null before the first. */
  get free(): number | null {
    return this.#free;
  }

  /** Bytes altogether at the last measurement; null before the first. */
  get total(): number | null {
    return this.#total;
  }

  /** Asks the system; rejects with its error. On a disk that hangs only one call waits. */
  measure(): Promise<number> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #ask(): Promise<number> {
    const { bavail, blocks, bsize } = await statfs(this.#path);
    this.#total = blocks * bsize;
    this.#free = bavail * bsize;
    return this.#free;
  }
}
