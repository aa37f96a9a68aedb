import type { Clock, Instant } from '../shared/clock.ts';

/** A jump larger than this is a step of the wall clock; less is slewing. */
const STEP_MICROS = 100_000;

/** Longer between two reads of one moment the process was held up: it is read again. */
const HELD_UP_S = 0.005;

/** Of so many looks at both counters the quickest tells their offset. */
const LOOKS = 10;

/** Is told each step in seconds, positive when the clock went forward, and the first moment after it. */
export type StepListener = (stepSeconds: number, at: Instant) => void;

/** What the machine offers: wall time in whole milliseconds, and a counter that never steps. */
export interface TimeSource {
  wallMillis(): number;
  /** Seconds since boot, as process.hrtime counts them. */
  monoSeconds(): number;
}

/** The machine's own clocks. hrtime counts from boot, so it goes on across restarts of the process. */
export function machineTime(): TimeSource {
  const origin = machineOrigin();
  return {
    wallMillis: () => Date.now(),
    monoSeconds: () => origin + performance.now() / 1000,
  };
}

/** Of performance.now(), in seconds since boot. A process that is held up between two looks is off by it. */
function machineOrigin(): number {
  const looks = Array.from({ length: LOOKS }, () => {
    const before = performance.now() / 1000;
    const [seconds, nanos] = process.hrtime();
    const took = performance.now() / 1000 - before;
    return { took, origin: seconds + nanos / 1e9 - before - took / 2 };
  });
  return looks.reduce((best, look) => (look.took < best.took ? look : best)).origin;
}

/**
 * Wall clock with microseconds. Date.now() is cut to milliseconds, so the true
 * offset between the clocks lies in a window of 1 ms; following that window gives
 * the microseconds, tracks slewing, and shows a step when the window jumps.
 */
export class SystemClock implements Clock {
  #source: TimeSource;
  #offsetMicros = Number.NaN;
  #onStep: StepListener | undefined;

  constructor(source: TimeSource) {
    this.#source = source;
  }

  onStep(listener: StepListener): void {
    this.#onStep = listener;
  }

  now(): Instant {
    const { mono, wallMillis } = this.#bothClocks();
    const lowest = wallMillis * 1000 - mono * 1e6;
    const followed = Math.min(Math.max(this.#offsetMicros, lowest), lowest + 999);
    const jump = followed - this.#offsetMicros;
    this.#offsetMicros = Number.isNaN(followed) ? lowest : followed;
    const instant = { wallMicros: Math.floor(mono * 1e6 + this.#offsetMicros), mono };
    if (Math.abs(jump) > STEP_MICROS) this.#onStep?.(jump / 1e6, instant);
    return instant;
  }

  /** A process that is stopped between the two would look like a clock that was set. */
  #bothClocks(): { mono: number; wallMillis: number } {
    for (;;) {
      const mono = this.#source.monoSeconds();
      const wallMillis = this.#source.wallMillis();
      if (this.#source.monoSeconds() - mono < HELD_UP_S) return { mono, wallMillis };
    }
  }
}
