import { statfs } from 'node:fs/promises';

export interface DiskSpace {
  path: string;
  free_bytes: number | null;
  total_bytes: number | null;
}

/** Space where the recordings lie. statfs can hang on a failing disk: it is never waited for twice. */
export class Disk {
  #path: string;
  #timer: NodeJS.Timeout | undefined;
  #space: DiskSpace;
  #asking: Promise<DiskSpace> | null = null;

  constructor(path: string) {
    this.#path = path;
    this.#space = { path, free_bytes: null, total_bytes: null };
  }

  /** As of a few seconds ago; null while it is not known. */
  get lastFreeBytes(): number | null {
    return this.#space.free_bytes;
  }

  async start(everyMs = 5000): Promise<void> {
    await this.space();
    this.#timer = setInterval(() => void this.space(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  space(): Promise<DiskSpace> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** A disk that can't be asked is a disk of unknown size: the recorder finds out why. */
  async #ask(): Promise<DiskSpace> {
    const { bsize, bavail, blocks } = await statfs(this.#path).catch(() => ({
      bsize: null,
      bavail: 0,
      blocks: 0,
    }));
    this.#space = {
      path: this.#path,
      free_bytes: bsize === null ? null : bsize * bavail,
      total_bytes: bsize === null ? null : bsize * blocks,
    };
    return this.#space;
  }
}
