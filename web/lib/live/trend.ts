import type { Extent, ReadingRing } from '../series/ring.ts';

/** What is compared: the mean of the last seconds with that of as many seconds before. */
const WINDOW_MS = 3000;
const APART_MS = 10_000;
const STEADY_PERCENT = 2;

export interface Trend {
  direction: 'rising' | 'falling' | 'steady';
  /** Change in ten seconds, in percent of what it was. */
  percent: number;
}

function meanBetween(ring: ReadingRing, from: number, to: number): number | null {
  const extent: Extent = { lo: 0, hi: 0, sum: 0 };
  const begin = ring.lowerBound(from);
  const end = ring.lowerBound(to);
  ring.extent(begin, end, extent);
  return end > begin ? extent.sum / (end - begin) : null;
}

/** Where the light is going; null without readings enough to say. */
export function trendAt(ring: ReadingRing, now: number): Trend | null {
  const late = meanBetween(ring, now - WINDOW_MS, now + 1);
  const early = meanBetween(ring, now - APART_MS - WINDOW_MS, now - APART_MS);
  if (late === null || early === null || early === 0) return null;
  const percent = ((late - early) / Math.abs(early)) * 100;
  const steady = Math.abs(percent) < STEADY_PERCENT;
  return { direction: steady ? 'steady' : percent > 0 ? 'rising' : 'falling', percent };
}
