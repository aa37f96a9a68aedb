import { Backoff } from './backoff.ts';

const INTERVAL_MS = 1000;
const LONGEST_WAIT_MS = 3000;

/**
 * Runs a task every second, one at a time, slower while it fails. Stands still while the page is
 * hidden and asks at once when it is seen again.
 */
export class Poller {
  readonly #task: () => Promise<boolean>;
  readonly #backoff = new Backoff(INTERVAL_MS, LONGEST_WAIT_MS);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #busy = false;
  #again = false;

  /** @param task answers whether it succeeded; it must not throw. */
  constructor(task: () => Promise<boolean>) {
    this.#task = task;
  }

  start(): void {
    this.#running = true;
    document.addEventListener('visibilitychange', this.#visibility);
    this.now();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#visibility);
  }

  /** Asks right away; while a question is under way, once more after it. */
  now(): void {
    clearTimeout(this.#timer);
    this.#again = this.#busy;
    if (!this.#busy) void this.#run();
  }

  readonly #visibility = (): void => {
    if (document.hidden) clearTimeout(this.#timer);
    else this.now();
  };

  async #run(): Promise<void> {
    this.#busy = true;
    const good = await this.#task();
    this.#busy = false;
    if (!this.#running || document.hidden) return;
    if (good) this.#backoff.reset();
    const wait = this.#again ? 0 : good ? INTERVAL_MS : this.#backoff.next();
    this.#again = false;
    this.#timer = setTimeout(() => void this.#run(), wait);
  }
}
