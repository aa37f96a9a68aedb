import { z } from 'zod';
import type { SessionFacts } from './archive/session-facts.ts';
import { isoMicros, parseIsoMicros } from './clock.ts';

interface Step {
  elapsed: number;
  micros: number;
}

const MICROS = 1e6;
const clockStep = z.object({ elapsed_s: z.number(), step_s: z.number() });

/**
 * The time that a session's rows would have if the vehicle's clock had been right from the
 * start, as docs/recording-format.md says: each time plus the steps of the clock after it.
 */
export class CorrectedClock {
  /** Last first; the sum holds for what comes before each. */
  readonly #steps: readonly Step[];
  /** How often the clock was set in this session. */
  readonly stepCount: number;

  constructor({ byWallClock, events }: Pick<SessionFacts, 'byWallClock' | 'events'>) {
    const steps = events.filter(({ kind }) => kind === 'clock_step').flatMap(stepOf);
    this.stepCount = steps.length;
    // Rows without elapsed_s can't be told to be before or after a step.
    this.#steps = byWallClock ? [] : sums(steps);
  }

  /** Microseconds since 1970; `elapsed` in seconds since the session began. */
  micros(recordedMicros: number, elapsed: number): number {
    let sum = 0;
    for (const step of this.#steps) {
      if (step.elapsed <= elapsed) break;
      sum = step.micros;
    }
    return recordedMicros + sum;
  }

  iso(timestamp: string, elapsed: number): string {
    return isoMicros(this.micros(parseIsoMicros(timestamp), elapsed));
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
