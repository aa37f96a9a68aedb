import { niceStep, type ScaleKind, type ValueRange } from '../series/value-range.ts';

const MOST_DECADES_WITH_PARTS = 3;
const MOST_STEPS = 7;

/** Ticks of a log axis that begins and ends at decades: with 2 and 5 between while few decades show. */
function logTicks({ min, max }: ValueRange): { value: number }[] {
  const first = Math.round(Math.log10(min));
  const last = Math.round(Math.log10(max));
  const parts = last - first <= MOST_DECADES_WITH_PARTS ? [1, 2, 5] : [1];
  const ticks: { value: number }[] = [];
  for (let decade = first; decade <= last; decade += 1) {
    for (const part of parts) {
      const value = Number(`${part}e${decade}`);
      if (value <= max * 1.0001) ticks.push({ value });
    }
  }
  return ticks;
}

/** Whole steps of 1, 2 or 5. */
function linearTicks({ min, max }: ValueRange): { value: number }[] {
  const step = niceStep((max - min) / MOST_STEPS);
  const first = Math.ceil(min / step - 1e-6);
  const last = Math.floor(max / step + 1e-6);
  return Array.from({ length: last - first + 1 }, (_, i) => ({ value: (first + i) * step }));
}

export function valueTicks(range: ValueRange, kind: ScaleKind): { value: number }[] {
  return kind === 'log' ? logTicks(range) : linearTicks(range);
}
