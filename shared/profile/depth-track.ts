/** Between rows of the vehicle that are further apart than this its depth is not known. */
export const MOST_APART_S = 2;
/** A depth that was older than this when its row was made is not known. */
export const OLDEST_DEPTH_S = 2;

/** What a row of vehicle.jsonl says of the depth. */
export interface DepthRow {
  /** When the row was made, seconds since the session began. */
  time: number;
  /** Metres, positive down. */
  depth: number | null;
  /** Seconds since the autopilot had sent it. */
  age: number | null;
}

const FIRST_CAPACITY = 1024;
const NEAR = 8;

/**
 * The depth of a vehicle over a session, to be asked for any moment: interpolated between two
 * rows, and null where that would be a guess. A row takes 16 bytes: 7 MB for a day at 5 Hz.
 */
export class DepthTrack {
  #times = new Float64Array(FIRST_CAPACITY);
  /** NaN: not known at that moment. */
  #depths = new Float64Array(FIRST_CAPACITY);
  #size = 0;
  #lastRow = Number.NEGATIVE_INFINITY;
  #newestRow = Number.NEGATIVE_INFINITY;
  /** Moments up to here came twice, since the clock was set back: nobody knows which is meant. */
  #twiceUntil = Number.NEGATIVE_INFINITY;
  #cursor = 0;

  /** Points, known or not; their times rise. */
  get size(): number {
    return this.#size;
  }

  /** Whether the depth is known at any moment. */
  get hasDepth(): boolean {
    return this.#depths.subarray(0, this.#size).some((depth) => !Number.isNaN(depth));
  }

  time(point: number): number {
    return this.#times[point] as number;
  }

  /** Metres; NaN where it is not known. */
  depth(point: number): number {
    return this.#depths[point] as number;
  }

  /** Adds the next row of the file. A depth counts from when it was sent: the row's time less its age. */
  add({ time, depth, age }: DepthRow): void {
    if (time < this.#lastRow) this.#stepBack(time);
    this.#lastRow = time;
    this.#newestRow = Math.max(this.#newestRow, time);
    if (time <= this.#twiceUntil) return;
    const isKnown = depth !== null && age !== null && age <= OLDEST_DEPTH_S;
    if (isKnown) this.#push(time - age, depth);
    else this.#push(time, Number.NaN);
  }

  /** Metres at a moment in seconds since the session began; null where it is not known. */
  depthAt(time: number): number | null {
    const left = this.pointAt(time);
    if (left < 0) return null;
    const [begin, from] = [this.time(left), this.depth(left)];
    if (time === begin) return orNull(from);
    if (left + 1 >= this.#size) return null;
    const [end, to] = [this.time(left + 1), this.depth(left + 1)];
    if (end - begin > MOST_APART_S) return null;
    return orNull(from + ((to - from) * (time - begin)) / (end - begin));
  }

  /** The last point at or before a moment; -1 where there is none. Fast where moments ascend. */
  pointAt(time: number): number {
    let at = this.#cursor;
    if (at < this.#size && this.time(at) <= time) {
      const end = Math.min(at + NEAR, this.#size - 1);
      while (at < end && this.time(at + 1) <= time) at += 1;
      if (at < end || at === this.#size - 1) {
        this.#cursor = at;
        return at;
      }
    }
    at = this.#pointsUpTo(time) - 1;
    this.#cursor = Math.max(0, at);
    return at;
  }

  /** Whether two neighbours are of one stretch without a hole: both known, and not far apart. */
  connected(left: number, right: number): boolean {
    const apart = this.time(right) - this.time(left);
    return apart <= MOST_APART_S && !Number.isNaN(this.depth(left) + this.depth(right));
  }

  /** The same message once more, in a later row, is no new point. */
  #push(time: number, depth: number): void {
    if (this.#size > 0 && time <= this.time(this.#size - 1)) return;
    if (this.#size === this.#times.length) this.#grow();
    this.#times[this.#size] = time;
    this.#depths[this.#size] = depth;
    this.#size += 1;
  }

  /** Where rows go by the wall clock, what lies between its two times is known no more. */
  #stepBack(time: number): void {
    this.#twiceUntil = this.#newestRow;
    this.#size = this.#pointsUpTo(time);
    this.#cursor = 0;
    this.#push(time, Number.NaN);
    this.#push(this.#twiceUntil, Number.NaN);
  }

  #pointsUpTo(time: number): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.time(middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const [times, depths] = [this.#times, this.#depths];
    this.#times = new Float64Array(2 * times.length);
    this.#depths = new Float64Array(2 * depths.length);
    this.#times.set(times);
    this.#depths.set(depths);
  }
}

function orNull(depth: number): number | null {
  return Number.isNaN(depth) ? null : depth;
}
