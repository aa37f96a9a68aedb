import { setTimeout as sleep } from 'node:timers/promises';

/** A second's worth may come at once; large pieces then wait as long as they are large. */
const BURST_S = 1;

/** Holds a flow of bytes to a rate, all downloads together. */
export class TokenBucket {
  readonly #rate: number | null;
  readonly #now: () => number;
  #level: number;
  #filledAt: number;

  /** `rate` in bytes a second; null: no limit. `now` in milliseconds. */
  constructor(rate: number | null, now: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#now = now;
    this.#level = (rate ?? 0) * BURST_S;
    this.#filledAt = now();
  }

  /** Milliseconds to wait for these bytes, which count as taken. */
  take(bytes: number): number {
    if (this.#rate === null) return 0;
    const now = this.#now();
    const gained = ((now - this.#filledAt) / 1000) * this.#rate;
    this.#level = Math.min(this.#rate * BURST_S, this.#level + gained) - bytes;
    this.#filledAt = now;
    return Math.max(0, (-this.#level / this.#rate) * 1000);
  }

  async wait(bytes: number, signal: AbortSignal): Promise<void> {
    const ms = this.take(bytes);
    if (ms > 0) await sleep(ms, undefined, { signal });
  }
}
