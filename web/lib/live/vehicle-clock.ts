/** A difference that no delay of the network explains: the vehicle's clock was set. */
const STEP_MS = 2500;
/** Readings come in order; one that is earlier than the last by more than this tells of a step. */
const BACK_MS = 50;
const DECAY = 0.001;

/**
 * The vehicle's wall clock as seen from here: readings carry its time, and arrive, some late.
 * All times in milliseconds; `local` counts up evenly on this computer.
 */
export class VehicleClock {
  #offset: number | null = null;
  /** Of the newest reading that was streamed. */
  #time: number | null = null;

  /** The vehicle's time now; null before the first reading. */
  now(local: number): number | null {
    return this.#offset === null ? null : local + this.#offset;
  }

  /** Takes in a streamed reading. The one that travelled fastest is nearest to the truth. */
  observe(time: number, local: number): void {
    const offset = time - local;
    const before = this.#offset ?? offset;
    this.#offset = offset >= before ? offset : before + (offset - before) * DECAY;
    this.#time = time;
  }

  /** Takes in a reading of any age: the time now is at least its own. */
  heardOf(time: number, local: number): void {
    this.#offset = Math.max(this.#offset ?? Number.NEGATIVE_INFINITY, time - local);
  }

  /**
   * By how much the clock was set, if a reading that arrives now says so; else 0. Readings that
   * arrive late are no step: they follow on each other in their own time.
   */
  stepAt(time: number, local: number): number {
    if (this.#offset === null || this.#time === null) return 0;
    const passed = time - this.#time;
    // Against the fastest reading so far: the last one may itself have been late.
    const step = time - local - this.#offset;
    return passed < -BACK_MS || (passed > STEP_MS && step > STEP_MS) ? step : 0;
  }

  /** Follows a step of the clock. */
  shift(step: number): void {
    if (this.#offset !== null) this.#offset += step;
  }
}
