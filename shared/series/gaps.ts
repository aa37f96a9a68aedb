/** Longer than this many usual periods without a reading is a gap: one reading is missing. */
const PERIODS = 1.8;
/** Below this a hole can't be seen, and adapters deliver in bursts. */
const SHORTEST_MS = 300;
const LEARNING = 0.1;
/** So many long intervals in a row are no gaps: the sensor has become slower. */
const NEW_PACE = 3;
const MOST_GAPS = 2000;

export interface Gap {
  /** Time of the last reading before it, in milliseconds. */
  from: number;
  /** Time of the first reading after it. */
  to: number;
}

/** Whether readings are missing between two that are so far from each other, in milliseconds. */
export function isGap(interval: number, period: number): boolean {
  return interval > Math.max(period * PERIODS, SHORTEST_MS);
}

/** Finds the holes in a stream of readings, whatever pace the sensor keeps. */
export class GapFinder {
  readonly gaps: Gap[] = [];
  #last = Number.NaN;
  #period = 0;
  #longOnes = 0;

  /** The usual time between two readings in milliseconds; 0 before it is known. */
  get periodMs(): number {
    return this.#period;
  }

  push(time: number): void {
    const interval = time - this.#last;
    if (interval >= 0) this.#judge(interval, time);
    this.#last = time;
  }

  clear(): void {
    this.gaps.length = 0;
    this.#last = Number.NaN;
    this.#period = 0;
    this.#longOnes = 0;
  }

  shift(milliseconds: number): void {
    this.#last += milliseconds;
    for (const gap of this.gaps) {
      gap.from += milliseconds;
      gap.to += milliseconds;
    }
  }

  #judge(interval: number, time: number): void {
    if (this.#period === 0) this.#period = interval;
    const long = isGap(interval, this.#period);
    this.#longOnes = long ? this.#longOnes + 1 : 0;
    if (!long) this.#period += (interval - this.#period) * LEARNING;
    else if (this.#longOnes > NEW_PACE) this.#period = interval;
    else this.#add({ from: this.#last, to: time });
  }

  #add(gap: Gap): void {
    this.gaps.push(gap);
    if (this.gaps.length > MOST_GAPS) this.gaps.splice(0, MOST_GAPS / 4);
  }
}
