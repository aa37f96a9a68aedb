import type { Preview } from '../../../shared/api/sessions.ts';
import { overlaps } from '../series/fill.ts';

/**
 * A session's light as an SVG path in a box: the envelope from minimum to maximum, on a log axis
 * when the light spans more than two decades, as a dive does.
 */
export function sparkline(preview: Preview, width: number, height: number): string {
  const { elapsed_s: elapsed, min, max, bin_s: bin } = preview;
  if (elapsed.length === 0) return '';
  const top = Math.max(...max);
  const low = Math.min(...min);
  const log = low > 0 && top / low > 100;
  const level = (value: number): number => (log ? Math.log10(value) : value);
  const spread = level(top) - level(low) || 1;
  const span = (elapsed.at(-1) ?? 0) + bin || 1;
  const x = (i: number): string => (((elapsed[i] ?? 0) / span) * width).toFixed(1);
  const y = (value: number): string =>
    (height - 1 - ((level(value) - level(low)) / spread) * (height - 2)).toFixed(1);
  return runs(preview)
    .map((run) => {
      const upper = run.map((i) => `${x(i)},${y(max[i] ?? 0)}`);
      const lower = [...run].reverse().map((i) => `${x(i)},${y(min[i] ?? 0)}`);
      return `M${[...upper, ...lower].join('L')}Z`;
    })
    .join('');
}

/** Bins between which no reading is missing. */
function runs({ elapsed_s: elapsed, bin_s: bin, gap_from_s, gap_to_s }: Preview): number[][] {
  const gaps = gap_from_s.map((from, i) => ({ from, to: gap_to_s[i] ?? from }));
  const found: number[][] = [];
  elapsed.forEach((time, i) => {
    const before = (elapsed[i - 1] ?? 0) + bin;
    const isJoined = i > 0 && !(time > before && overlaps(gaps, before, time));
    if (isJoined) found.at(-1)?.push(i);
    else found.push([i]);
  });
  return found;
}
