import type { Gap } from '../../../shared/series/gaps.ts';
import type { Extent } from './ring.ts';

const NOWHERE = -1;

/** The part of time that a picture shows, in milliseconds UTC, and how many columns it has. */
export interface Span {
  from: number;
  to: number;
  columns: number;
}

/**
 * One entry per column of pixels on an absolute grid of time: minimum, maximum and mean of what
 * fell into it. A column keeps its readings while the picture scrolls, so nothing flickers.
 * Used again for every picture; columns without a reading have count 0.
 */
export class Columns {
  /** Width of a column in milliseconds. */
  width = 1;
  /** Grid number of the first column: its time is `first * width`. */
  first = 0;
  size = 0;
  count = new Float64Array(0);
  lo = new Float32Array(0);
  hi = new Float32Array(0);
  sum = new Float64Array(0);
  /** Time of the first and the last reading in it. */
  begin = new Float64Array(0);
  end = new Float64Array(0);
  /** From history: so long between it and a reading, in milliseconds, is no gap. 0 for readings. */
  seam = new Float64Array(0);
  /** Gaps of the history, ascending. */
  gaps: readonly Gap[] = [];

  reset(span: Span): void {
    this.width = (span.to - span.from) / span.columns;
    this.first = Math.floor(span.from / this.width) - 1;
    this.size = Math.ceil(span.to / this.width) + 1 - this.first;
    if (this.count.length < this.size) this.#allocate(this.size);
    this.count.fill(0, 0, this.size);
  }

  /** The column of a time, or -1 outside. */
  at(time: number): number {
    const column = Math.floor(time / this.width) - this.first;
    return column >= 0 && column < this.size ? column : NOWHERE;
  }

  /** The time at which a column ends. */
  edge(column: number): number {
    return (this.first + column + 1) * this.width;
  }

  /** The middle of a column in time, where it is drawn. */
  middle(column: number): number {
    const begin = this.begin[column] as number;
    const end = this.end[column] as number;
    return (begin + end) / 2;
  }

  mean(column: number): number {
    return (this.sum[column] as number) / (this.count[column] as number);
  }

  add(column: number, count: number, extent: Extent, begin: number, end: number): void {
    const fresh = this.count[column] === 0;
    this.count[column] = (this.count[column] as number) + count;
    this.lo[column] = fresh ? extent.lo : Math.min(this.lo[column] as number, extent.lo);
    this.hi[column] = fresh ? extent.hi : Math.max(this.hi[column] as number, extent.hi);
    this.sum[column] = (fresh ? 0 : (this.sum[column] as number)) + extent.sum;
    this.begin[column] = fresh ? begin : Math.min(this.begin[column] as number, begin);
    this.end[column] = fresh ? end : Math.max(this.end[column] as number, end);
    if (fresh) this.seam[column] = 0;
  }

  #allocate(size: number): void {
    const room = Math.ceil(size * 1.5);
    this.count = new Float64Array(room);
    this.lo = new Float32Array(room);
    this.hi = new Float32Array(room);
    this.sum = new Float64Array(room);
    this.begin = new Float64Array(room);
    this.end = new Float64Array(room);
    this.seam = new Float64Array(room);
  }
}
