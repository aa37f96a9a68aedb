const TICK_MS = 1000;
/** A timer that comes this late was not busy but asleep. */
const ASLEEP_MS = 8000;

/** Calls back when the computer wakes up, the network is back, or the page is seen again. */
export class WakeWatch {
  readonly #woke: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #last = 0;

  constructor(woke: () => void) {
    this.#woke = woke;
  }

  start(): void {
    this.#last = Date.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    window.addEventListener('online', this.#woke);
  }

  stop(): void {
    clearInterval(this.#timer);
    window.removeEventListener('online', this.#woke);
  }

  #tick(): void {
    const now = Date.now();
    const slept = now - this.#last > ASLEEP_MS && !document.hidden;
    this.#last = now;
    if (slept) this.#woke();
  }
}
