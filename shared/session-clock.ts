import { parseIsoMicros } from './clock.ts';
import type { RowText } from './stored-rows.ts';

/** What carries both times of a session: events, and rows of the vehicle. */
interface Stamped {
  timestamp: string;
  elapsed_s: number;
}

/**
 * Seconds since a session began, for whatever stands in its files. Rows of CSV chunks carry only
 * the wall clock's time: then everything goes by that, so that it still fits together.
 */
export class SessionClock {
  readonly #startMicros: number;
  readonly #byWallClock: boolean;

  constructor(startTime: string, byWallClock: boolean) {
    this.#startMicros = parseIsoMicros(startTime);
    this.#byWallClock = byWallClock;
  }

  of({ timestamp, elapsed_s }: Stamped): number {
    return this.#byWallClock ? this.#wall(timestamp) : elapsed_s;
  }

  ofRow({ timestamp, elapsed }: Pick<RowText, 'timestamp' | 'elapsed'>): number {
    return elapsed === '' ? this.#wall(timestamp) : Number(elapsed);
  }

  #wall(timestamp: string): number {
    return (parseIsoMicros(timestamp) - this.#startMicros) / 1e6;
  }
}
