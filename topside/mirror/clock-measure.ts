import { type Look, type RecorderClient, RefusedError } from '../remote/recorder-client.ts';

/** The vehicle's clock is measured this often, by so many looks one after the other. */
const EVERY_MS = 30_000;
const LOOKS = 4;
/** The quickest look of the last few times counts: a link is busy now and then. */
const WINDOW = 3 * LOOKS;
/** The vehicle takes no look that was under way longer: it says too little. */
const MOST_ROUND_TRIP_MS = 200;

/** Measures the vehicle's clock against this computer's, and tells the vehicle what it measured. */
export class ClockMeasure {
  readonly #vehicle: Pick<RecorderClient, 'lookAtClock' | 'tellClock'>;
  readonly #nowMs: () => number;
  #looks: Look[] = [];
  #nextMs = 0;

  /** `nowMs`: of a clock that never steps. */
  constructor(
    vehicle: Pick<RecorderClient, 'lookAtClock' | 'tellClock'>,
    nowMs = () => performance.now(),
  ) {
    this.#vehicle = vehicle;
    this.#nowMs = nowMs;
  }

  /** Measures if it is time to. A vehicle that is too old for it, or refuses, is left alone from then on. */
  async measure(): Promise<void> {
    if (this.#nowMs() < this.#nextMs) return;
    this.#nextMs = this.#nowMs() + EVERY_MS;
    try {
      if (!(await this.#look())) this.#nextMs = Number.POSITIVE_INFINITY;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.#nextMs = Number.POSITIVE_INFINITY;
    }
  }

  async #look(): Promise<boolean> {
    for (let count = 0; count < LOOKS; count += 1) {
      const look = await this.#vehicle.lookAtClock();
      if (look === null) return false;
      this.#looks = [...this.#looks, look].slice(-WINDOW);
    }
    const [best] = this.#looks.toSorted((a, b) => a.round_trip_ms - b.round_trip_ms);
    if (best && best.round_trip_ms <= MOST_ROUND_TRIP_MS) await this.#vehicle.tellClock(best);
    return true;
  }
}
