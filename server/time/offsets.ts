import { type Instant, isoMicros } from '../../shared/clock.ts';
import type { Comparison } from '../../shared/time/comparison.ts';

/** A look at another clock. */
export interface Look {
  /** null: the autopilot. */
  client: string | null;
  /** The other clock's UTC in microseconds since 1970, at this moment of the monotonic clock. */
  utcMicros: number;
  mono: number;
  /** Seconds by which it may be off. */
  uncertaintyS: number;
}

/** A clock is looked at anew for an event after this long, or when its offset has changed. */
const EVENT_EVERY_S = 600;

/** How far the vehicle's clock is off others. Its own steps do no harm: each look is kept by the monotonic clock. */
export class Offsets {
  readonly #newest = new Map<string | null, Look>();
  readonly #told = new Map<string | null, Look>();

  /** Takes a look; true where it says something that the last one that counted did not. */
  take(look: Look): boolean {
    this.#newest.set(look.client, look);
    const told = this.#told.get(look.client);
    const isNew = told === undefined || differs(look, told);
    if (isNew) this.#told.set(look.client, look);
    return isNew;
  }

  /** The newest of each clock, the autopilot's first, by the vehicle's clock as it stands now. */
  comparisons(now: Instant): Comparison[] {
    return [...this.#newest.values()]
      .toSorted((a, b) => Number(a.client !== null) - Number(b.client !== null))
      .map((look) => comparisonOf(look, now));
  }
}

function differs(look: Look, told: Look): boolean {
  const passed = look.mono - told.mono;
  const change = (look.utcMicros - told.utcMicros) / 1e6 - passed;
  const isSure = Math.abs(change) > look.uncertaintyS + told.uncertaintyS;
  return isSure || passed >= EVENT_EVERY_S;
}

export function comparisonOf(look: Look, now: Instant): Comparison {
  const wallMicros = now.wallMicros - Math.round((now.mono - look.mono) * 1e6);
  return {
    timestamp: isoMicros(wallMicros),
    compared_with: look.client === null ? 'autopilot' : 'client',
    client: look.client,
    offset_s: Math.round(look.utcMicros - wallMicros) / 1e6,
    uncertainty_s: look.uncertaintyS,
  };
}
