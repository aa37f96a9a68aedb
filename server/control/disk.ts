import { DiskSpace } from '../files/disk-space.ts';

export interface DiskFacts {
  path: string;
  free_bytes: number | null;
  total_bytes: number | null;
}

/** Space where the recordings lie, asked for now and then for whoever watches. */
export class Disk {
  #path: string;
  #space: DiskSpace;
  #timer: NodeJS.Timeout | undefined;
  #facts: DiskFacts;

  constructor(path: string) {
    this.#path = path;
    this.#space = new DiskSpace(path);
    this.#facts = { path, free_bytes: null, total_bytes: null };
  }

  /** As of a few seconds ago; null while it is not known. */
  get lastFreeBytes(): number | null {
    return this.#facts.free_bytes;
  }

  async start(everyMs = 5000): Promise<void> {
    await this.space();
    this.#timer = setInterval(() => void this.space(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A disk that can't be asked is a disk of unknown size: the recorder finds out why. */
  async space(): Promise<DiskFacts> {
    const known = await this.#space.measure().then(
      () => true,
      () => false,
    );
    const { free, total } = this.#space;
    const path = this.#path;
    this.#facts = { path, free_bytes: known ? free : null, total_bytes: known ? total : null };
    return this.#facts;
  }
}
