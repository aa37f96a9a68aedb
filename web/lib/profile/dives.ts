import type { Cast, ProfileMarker } from '../../../shared/api/profile.ts';

/** The way down and the way up that follows it; a session may begin or end on one of them. */
export interface Dive {
  casts: readonly Cast[];
  /** Metres of its deepest bin. */
  deepestM: number;
  beginS: number;
}

/** Casts, which are in order of time, put together to dives. */
export function divesOf(casts: readonly Cast[]): Dive[] {
  const dives: Cast[][] = [];
  for (const cast of casts) {
    const open = dives.at(-1);
    if (cast.direction === 'up' && open?.length === 1 && open[0]?.direction === 'down') {
      open.push(cast);
    } else dives.push([cast]);
  }
  return dives.map((pair) => ({
    casts: pair,
    deepestM: Math.max(...pair.map((cast) => cast.bins.depth_m.at(-1) ?? 0)),
    beginS: pair[0]?.begin_elapsed_s ?? 0,
  }));
}

/** Metres between the ends of a cast. */
function spanOf({ bins }: Cast): number {
  return (bins.depth_m.at(-1) ?? 0) - (bins.depth_m[0] ?? 0);
}

/** The dive that is shown first: the one with the longest way down or up. */
export function longestOf(dives: readonly Dive[]): number {
  const spans = dives.map(({ casts }) => Math.max(...casts.map(spanOf)));
  return Math.max(0, spans.indexOf(Math.max(...spans)));
}

/** A marker at a known depth. */
export interface DepthMark {
  depth: number;
  text: string;
}

/** The markers that were set from one dive's begin to the next one's, shallowest first. */
export function marksOf(
  markers: readonly ProfileMarker[],
  dives: readonly Dive[],
  at: number,
): DepthMark[] {
  const from = at === 0 ? Number.NEGATIVE_INFINITY : (dives[at]?.beginS ?? 0);
  const to = dives[at + 1]?.beginS ?? Number.POSITIVE_INFINITY;
  return markers
    .flatMap(({ elapsed_s: time, text, depth_m: depth }) =>
      depth === null || time < from || time >= to ? [] : [{ depth, text }],
    )
    .sort((a, b) => a.depth - b.depth);
}
