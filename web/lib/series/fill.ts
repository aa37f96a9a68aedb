import type { Gap } from '../../../shared/series/gaps.ts';
import type { Columns, Span } from './columns.ts';
import { firstBin, type History } from './history.ts';
import type { Extent, ReadingRing } from './ring.ts';

/** Everything that a plot can draw: exact readings, and sums of older ones. */
export interface Series {
  ring: ReadingRing;
  /** Holes between the ring's readings, ascending. */
  gaps: readonly Gap[];
  history: History;
}

/** Sorts what a span shows into columns. Exact readings win over history. */
export function fillColumns(columns: Columns, span: Span, series: Series): void {
  columns.reset(span);
  columns.gaps = series.history.gaps;
  addReadings(columns, series.ring);
  const { history, gaps, ring } = series;
  const empty = ring.end === ring.start;
  addHistory(columns, history, -Infinity, empty ? Infinity : ring.time(ring.start));
  if (!empty) addHistory(columns, history, ring.time(ring.end - 1), Infinity);
  for (const gap of gaps) addHistory(columns, history, gap.from, gap.to);
}

function addReadings(columns: Columns, ring: ReadingRing): void {
  let index = ring.lowerBound(columns.first * columns.width);
  const extent: Extent = { lo: 0, hi: 0, sum: 0 };
  while (index < ring.end) {
    const column = columns.at(ring.time(index));
    if (column < 0) return;
    const next = Math.max(index + 1, ring.lowerBound(columns.edge(column)));
    clear(extent);
    ring.extent(index, next, extent);
    columns.add(column, next - index, extent, ring.time(index), ring.time(next - 1));
    index = next;
  }
}

/** Adds the bins that lie between two times with their whole width. */
function addHistory(columns: Columns, history: History, from: number, to: number): void {
  const start = Math.max(from, columns.first * columns.width - history.binMs);
  const extent: Extent = { lo: 0, hi: 0, sum: 0 };
  for (let bin = firstBin(history, start); bin < history.times.length; bin += 1) {
    const time = history.times[bin] as number;
    const middle = time + history.binMs / 2;
    if (time + history.binMs > to || middle > columns.edge(columns.size - 1)) return;
    const column = columns.at(middle);
    if (column < 0) continue;
    extent.lo = history.lo[bin] as number;
    extent.hi = history.hi[bin] as number;
    extent.sum = history.mean[bin] as number;
    columns.add(column, 1, extent, time, time + history.binMs);
    columns.seam[column] = history.seamMs;
  }
}

function clear(extent: Extent): void {
  extent.lo = Number.POSITIVE_INFINITY;
  extent.hi = Number.NEGATIVE_INFINITY;
  extent.sum = 0;
}

/** Whether readings are missing between two neighbouring columns that have some. */
export function isBroken(
  columns: Columns,
  left: number,
  right: number,
  gaps: readonly Gap[],
): boolean {
  const from = columns.end[left] as number;
  const to = columns.begin[right] as number;
  const [seamLeft, seamRight] = [columns.seam[left] as number, columns.seam[right] as number];
  if (to <= from) return false;
  if (seamLeft > 0 && seamRight > 0) return overlaps(columns.gaps, from, to);
  if (seamLeft + seamRight > 0) return to - from > seamLeft + seamRight;
  return gaps.some((gap) => gap.from >= from && gap.to <= to);
}

/** Whether one of the gaps, which ascend, lies between two times or reaches in between. */
export function overlaps(gaps: readonly Gap[], from: number, to: number): boolean {
  let low = 0;
  let high = gaps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((gaps[middle]?.to ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  return (gaps[low]?.from ?? Number.POSITIVE_INFINITY) < to;
}
