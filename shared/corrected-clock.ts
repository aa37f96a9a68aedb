import { z } from 'zod';
import { isoMicros, parseIsoMicros } from './clock.ts';
import type { SessionEvent } from './session.ts';
import { SessionClock } from './session-clock.ts';
import { ReferenceClock } from './time/reference-clock.ts';

interface Step {
  elapsed: number;
  micros: number;
}

const MICROS = 1e6;
const clockStep = z.object({ elapsed_s: z.number(), step_s: z.number() });

/** What a session tells of its times. */
export interface TimedSession {
  startTime: string;
  /** Its rows carry no elapsed_s. */
  byWallClock: boolean;
  events: readonly SessionEvent[];
}

export interface CorrectedTime {
  /** Microseconds since 1970. */
  micros: number;
  /** Seconds by which it may be off; null: no comparison of the clock holds. */
  uncertaintyS: number | null;
}

/**
 * The true time of a session's rows, as docs/recording-format.md says: UTC by the clock that the
 * vehicle's was compared with, and where it was with none, each time plus the steps of the vehicle's
 * clock after it.
 */
export class CorrectedClock {
  readonly reference: ReferenceClock;
  /** How often the clock was set in this session. */
  readonly stepCount: number;
  /** Last first; the sum holds for what comes before each. */
  readonly #steps: readonly Step[];

  constructor({ startTime, byWallClock, events }: TimedSession) {
    const steps = events.filter(({ kind }) => kind === 'clock_step').flatMap(stepOf);
    this.stepCount = steps.length;
    // Rows without elapsed_s can't be told to be before or after a step.
    this.#steps = byWallClock ? [] : sums(steps);
    const isBlurred = byWallClock && steps.length > 0;
    const clock = new SessionClock(startTime, byWallClock);
    this.reference = new ReferenceClock(isBlurred ? [] : events, (event) => clock.of(event));
  }

  /** `elapsed` in seconds since the session began. */
  at(recordedMicros: number, elapsed: number): CorrectedTime {
    const stepped = () => ({
      micros: recordedMicros + this.#stepsAfter(elapsed),
      uncertaintyS: null,
    });
    return this.reference.at(elapsed) ?? stepped();
  }

  /** Microseconds since 1970. */
  micros(recordedMicros: number, elapsed: number): number {
    return this.at(recordedMicros, elapsed).micros;
  }

  iso(timestamp: string, elapsed: number): string {
    return isoMicros(this.micros(parseIsoMicros(timestamp), elapsed));
  }

  #stepsAfter(elapsed: number): number {
    let sum = 0;
    for (const step of this.#steps) {
      if (step.elapsed <= elapsed) break;
      sum = step.micros;
    }
    return sum;
  }
}

function stepOf(event: unknown): Step[] {
  const { data } = clockStep.safeParse(event);
  return data ? [{ elapsed: data.elapsed_s, micros: Math.round(data.step_s * MICROS) }] : [];
}

function sums(steps: readonly Step[]): Step[] {
  let sum = 0;
  return steps
    .toSorted((a, b) => b.elapsed - a.elapsed)
    .map(({ elapsed, micros }) => {
      sum += micros;
      return { elapsed, micros: sum };
    });
}
