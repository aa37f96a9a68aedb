import type { Columns } from './columns.ts';

export type ScaleKind = 'linear' | 'log';

export interface ValueRange {
  min: number;
  max: number;
}

/** A log axis can't show 0; below this light is darkness to every sensor of this kind. */
const SMALLEST_POSITIVE = 1e-6;
const EMPTY: ValueRange = { min: 0, max: 1 };
const EMPTY_LOG: ValueRange = { min: 0.01, max: 10 };
/** A range is kept until the readings fill less than this share of it: axes should not twitch. */
const SHRINK_BELOW = 0.55;

/** The lowest and highest value in the columns; on a log axis of those above 0. */
export function extentOf(columns: Columns, kind: ScaleKind): ValueRange | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < columns.size; i += 1) {
    if (columns.count[i] === 0) continue;
    const lo = columns.lo[i] as number;
    const hi = columns.hi[i] as number;
    max = Math.max(max, hi);
    if (kind === 'linear' || lo > 0) min = Math.min(min, lo);
    else if (hi > 0) min = Math.min(min, hi);
  }
  if (kind === 'log' && max <= 0) return null;
  return min <= max ? { min, max } : null;
}

/** Steps of 1, 2 or 5 times a power of ten. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share > 5 ? 10 : share > 2 ? 5 : share > 1 ? 2 : 1);
}

function linearRange({ min, max }: ValueRange): ValueRange {
  const spread = max - min || Math.abs(max) * 0.2 || 1;
  const step = niceStep(spread / 6);
  const low = Math.floor((min - spread * 0.06) / step) * step;
  const high = Math.ceil((max + spread * 0.06) / step) * step;
  return { min: min >= 0 ? Math.max(0, low) : low, max: high };
}

function logRange({ min, max }: ValueRange): ValueRange {
  const low = 10 ** Math.floor(Math.log10(Math.max(min * 0.9, SMALLEST_POSITIVE)));
  const high = 10 ** Math.ceil(Math.log10(max * 1.1));
  return { min: low, max: Math.max(high, low * 10) };
}

function wastes(range: ValueRange, wanted: ValueRange, kind: ScaleKind): boolean {
  const size = ({ min, max }: ValueRange) => (kind === 'log' ? Math.log10(max / min) : max - min);
  return size(wanted) < size(range) * SHRINK_BELOW;
}

/** The axis for the columns: grows at once, shrinks only when much of it is empty. */
export function valueRange(
  columns: Columns,
  kind: ScaleKind,
  before: ValueRange | null,
): ValueRange {
  const extent = extentOf(columns, kind);
  if (!extent) return before ?? (kind === 'log' ? EMPTY_LOG : EMPTY);
  const wanted = kind === 'log' ? logRange(extent) : linearRange(extent);
  const fits = before && before.min <= extent.min && before.max >= extent.max;
  return fits && !wastes(before, wanted, kind) ? before : wanted;
}
