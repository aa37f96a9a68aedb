const BLOCK_BITS = 6;
const BLOCK = 2 ** BLOCK_BITS;
const FIRST_CAPACITY = 2 ** 13;
/** More than an hour at 500 readings a second, in 24 MB. */
export const LARGEST_CAPACITY = 2 ** 21;

/** What a run of readings comes down to. */
export interface Extent {
  lo: number;
  hi: number;
  sum: number;
}

/**
 * The newest readings in typed arrays: time in milliseconds UTC, ascending, and value. Readings
 * are addressed by a number that counts up for ever; `start` is the oldest that is still there.
 * Each 64 readings have their minimum, maximum and sum beside them, so that a picture of
 * millions of readings touches some thousand numbers.
 */
export class ReadingRing {
  readonly #largest: number;
  #mask = FIRST_CAPACITY - 1;
  #times = new Float64Array(FIRST_CAPACITY);
  #values = new Float32Array(FIRST_CAPACITY);
  #lows = new Float32Array(FIRST_CAPACITY / BLOCK);
  #highs = new Float32Array(FIRST_CAPACITY / BLOCK);
  #sums = new Float64Array(FIRST_CAPACITY / BLOCK);
  #start = 0;
  #end = 0;

  /** @param largest number of readings kept at most; a power of two. */
  constructor(largest: number = LARGEST_CAPACITY) {
    this.#largest = Math.max(largest, FIRST_CAPACITY);
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  time(index: number): number {
    return this.#times[index & this.#mask] as number;
  }

  value(index: number): number {
    return this.#values[index & this.#mask] as number;
  }

  append(time: number, value: number): void {
    if ((this.#end & (BLOCK - 1)) === 0) this.#openBlock();
    const slot = this.#end & this.#mask;
    this.#times[slot] = time;
    this.#values[slot] = value;
    this.#summarize(slot >> BLOCK_BITS, value);
    this.#end += 1;
  }

  clear(): void {
    this.#start = this.#end = 0;
  }

  /** Moves every reading in time: the vehicle's clock was set. */
  shift(milliseconds: number): void {
    for (let i = 0; i < this.#times.length; i += 1) {
      this.#times[i] = (this.#times[i] as number) + milliseconds;
    }
  }

  /** The first reading at this time or later; `end` if there is none. */
  lowerBound(time: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (this.time(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds the readings `from` (included) to `to` (excluded) to `into`. */
  extent(from: number, to: number, into: Extent): void {
    let index = from;
    while (index < to) {
      const whole = (index & (BLOCK - 1)) === 0 && index + BLOCK <= to;
      if (whole) this.#addBlock((index & this.#mask) >> BLOCK_BITS, into);
      else this.#addReading(index, into);
      index += whole ? BLOCK : 1;
    }
  }

  #addBlock(block: number, into: Extent): void {
    into.lo = Math.min(into.lo, this.#lows[block] as number);
    into.hi = Math.max(into.hi, this.#highs[block] as number);
    into.sum += this.#sums[block] as number;
  }

  #addReading(index: number, into: Extent): void {
    const value = this.value(index);
    into.lo = Math.min(into.lo, value);
    into.hi = Math.max(into.hi, value);
    into.sum += value;
  }

  #summarize(block: number, value: number): void {
    this.#lows[block] = Math.min(this.#lows[block] as number, value);
    this.#highs[block] = Math.max(this.#highs[block] as number, value);
    this.#sums[block] = (this.#sums[block] as number) + value;
  }

  #openBlock(): void {
    const full = this.#end + BLOCK - this.#start > this.#times.length;
    if (full && this.#times.length < this.#largest) this.#grow();
    else if (full) this.#start = this.#end + BLOCK - this.#times.length;
    const block = (this.#end & this.#mask) >> BLOCK_BITS;
    this.#lows[block] = Number.POSITIVE_INFINITY;
    this.#highs[block] = Number.NEGATIVE_INFINITY;
    this.#sums[block] = 0;
  }

  /** Only ever while nothing has been dropped: readings then lie from slot 0 on. */
  #grow(): void {
    this.#times = doubled(this.#times, new Float64Array(this.#times.length * 2));
    this.#values = doubled(this.#values, new Float32Array(this.#values.length * 2));
    this.#lows = doubled(this.#lows, new Float32Array(this.#lows.length * 2));
    this.#highs = doubled(this.#highs, new Float32Array(this.#highs.length * 2));
    this.#sums = doubled(this.#sums, new Float64Array(this.#sums.length * 2));
    this.#mask = this.#times.length - 1;
  }
}

function doubled<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}
