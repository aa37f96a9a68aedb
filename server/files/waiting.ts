/** For how long the disk has kept somebody waiting. */
export class Waiting {
  readonly #begun = new Set<{ at: number }>();

  /** Seconds that the oldest task under way has taken so far; 0 when there is none. */
  get seconds(): number {
    const [oldest] = this.#begun;
    return oldest === undefined ? 0 : (performance.now() - oldest.at) / 1000;
  }

  /** Resolves and rejects as the task does. */
  async during<T>(task: Promise<T>): Promise<T> {
    const begun = { at: performance.now() };
    this.#begun.add(begun);
    try {
      return await task;
    } finally {
      this.#begun.delete(begun);
    }
  }
}
