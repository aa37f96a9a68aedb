import type { Reading } from '../../shared/reading.ts';
import { ReadingRing } from './reading-ring.ts';

const CAPACITY = 100_000;

/** Keeps the newest 100 000 readings between start and stop, and what it has until the next start. */
export class MemoryRecorder {
  #ring: ReadingRing | null = null;
  #recording = false;

  get recording(): boolean {
    return this.#recording;
  }

  get size(): number {
    return this.#ring?.size ?? 0;
  }

  /** Starts with nothing in memory; goes on where it is recording already. */
  start(): void {
    if (!this.#recording) this.#ring = new ReadingRing(CAPACITY);
    this.#recording = true;
  }

  stop(): void {
    this.#recording = false;
  }

  push(reading: Reading): void {
    if (this.#recording) this.#ring?.push(reading);
  }

  /** The readings as they are now, oldest first; stays so while more come in. */
  snapshot(): ReadingRing {
    const ring = this.#ring ?? new ReadingRing(0);
    return this.#recording ? ring.copy() : ring;
  }
}
