import { parseIsoMicros } from '../../../shared/clock.ts';

/** The readings of one bin. */
export interface Bin {
  count: number;
  min: number;
  max: number;
  sum: number;
  /** UTC microseconds of the first reading. */
  firstMicros: number;
}

/** Fine enough for every plot (5 000 points at most), and a few megabytes at most. */
const MOST_BINS = 16_384;
const NARROWEST_S = 2 ** -6;

/**
 * Width in seconds of bins that reach up to `elapsed`: a power of two, so that
 * wider bins are made of whole narrower ones, and so wide that they are at most
 * 16 384. The later a reading, the wider its bin: a long session keeps few.
 */
export function binWidth(elapsed: number): number {
  return Math.max(NARROWEST_S, 2 ** Math.ceil(Math.log2(Math.max(0, elapsed) / MOST_BINS)));
}

/** Bins on a grid of elapsed seconds that begins at 0; those without a reading are not there. */
export class Bins {
  #width: number;
  #bins = new Map<number, Bin>();

  constructor(width = NARROWEST_S) {
    this.#width = width;
  }

  get width(): number {
    return this.#width;
  }

  /** The bins with their number on the grid, in the order in which they came. */
  get entries(): IterableIterator<[number, Bin]> {
    return this.#bins.entries();
  }

  /** Adds a reading; readings are added in order. One from before the beginning, as a clock that was set may make it, is of the first bin. */
  add(seconds: number, value: number, timestamp: string): void {
    const elapsed = Math.max(0, seconds);
    if (elapsed >= this.#width * MOST_BINS) this.#widen(binWidth(elapsed));
    const index = Math.floor(elapsed / this.#width);
    const bin = this.#bins.get(index);
    if (bin === undefined) {
      const firstMicros = parseIsoMicros(timestamp);
      this.#bins.set(index, { count: 1, min: value, max: value, sum: value, firstMicros });
      return;
    }
    bin.count += 1;
    bin.sum += value;
    if (value < bin.min) bin.min = value;
    if (value > bin.max) bin.max = value;
  }

  /** Adds bin `number` of a grid of `width`; what it holds is later than what is there. */
  merge(number: number, width: number, later: Bin): void {
    if (width > this.#width) this.#widen(width);
    const index = Math.floor((number * width) / this.#width);
    const bin = this.#bins.get(index);
    if (bin === undefined) {
      this.#bins.set(index, { ...later });
      return;
    }
    bin.count += later.count;
    bin.sum += later.sum;
    bin.min = Math.min(bin.min, later.min);
    bin.max = Math.max(bin.max, later.max);
  }

  /** The same readings in at most `points` bins, in order. */
  picture(points: number): Bins {
    const sorted = [...this.#bins].sort(([a], [b]) => a - b);
    const first = sorted[0]?.[0] ?? 0;
    const last = sorted.at(-1)?.[0] ?? 0;
    let times = Math.max(1, Math.ceil((last - first + 1) / points));
    while (Math.floor(last / times) - Math.floor(first / times) >= points) times += 1;
    const picture = new Bins(this.#width * times);
    for (const [number, bin] of sorted) picture.merge(number, this.#width, bin);
    return picture;
  }

  #widen(width: number): void {
    const wide = new Bins(width);
    for (const [number, bin] of this.#bins) wide.merge(number, this.#width, bin);
    this.#bins = wide.#bins;
    this.#width = width;
  }
}
