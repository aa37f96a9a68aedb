/** Waiting times between attempts: each 1.6 times the last, up to a limit, spread a little. */
export class Backoff {
  readonly #first: number;
  readonly #limit: number;
  readonly #random: () => number;
  #next: number;

  constructor(firstMs: number, limitMs: number, random: () => number = Math.random) {
    this.#first = firstMs;
    this.#limit = limitMs;
    this.#random = random;
    this.#next = firstMs;
  }

  /** Milliseconds to wait before the next attempt. Spread, so that pages do not come all at once. */
  next(): number {
    const wait = this.#next;
    this.#next = Math.min(this.#limit, wait * 1.6);
    return wait * (0.85 + 0.3 * this.#random());
  }

  reset(): void {
    this.#next = this.#first;
  }
}
