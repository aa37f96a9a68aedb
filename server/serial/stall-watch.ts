import type { Clock } from '../../shared/clock.ts';
import type { Stalls } from '../../shared/stalls.ts';

const EVERY_S = 0.1;
/** Less is the ordinary lateness of timers. */
const STALL_S = 0.1;
/** Nobody asks about longer ago. */
const KEPT = 20;

/**
 * Measures when this process was not run: stopped, or held up by the machine. A timer that should
 * come ten times a second comes late by that.
 */
export class StallWatch implements Stalls {
  readonly #clock: Clock;
  readonly #stalls: { from: number; to: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #tickAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(): void {
    this.#tickAt = this.#clock.now().mono;
    this.#timer = setInterval(() => this.#tick(), EVERY_S * 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  heldUpSince(mono: number): number {
    if (this.#timer === undefined) return 0;
    // The timer may be the one that has not come yet.
    this.#tick();
    return this.#stalls.reduce(
      (sum, { from, to }) => sum + Math.max(0, to - Math.max(from, mono)),
      0,
    );
  }

  #tick(): void {
    const now = this.#clock.now().mono;
    const due = this.#tickAt + EVERY_S;
    this.#tickAt = now;
    if (now - due < STALL_S) return;
    this.#stalls.push({ from: due, to: now });
    if (this.#stalls.length > KEPT) this.#stalls.shift();
  }
}
