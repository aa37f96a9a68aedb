import type { DepthTrack } from './depth-track.ts';
import { median } from './sums.ts';

/** A depth is compared with the median of so many, itself in the middle. */
const WINDOW = 11;
/** Nearer than this is no spike, whatever the vehicle does. */
const LEAST_M = 0.3;
/** Faster no vehicle dives. */
const MOST_M_PER_S = 3;

/** The points of a track, in order, whose depth no vehicle can have had between its neighbours. */
export function spikesOf(track: DepthTrack): number[] {
  const known: number[] = [];
  for (let point = 0; point < track.size; point += 1) {
    if (!Number.isNaN(track.depth(point))) known.push(point);
  }
  return known.filter((point, at) => isSpike(track, known, point, at));
}

function isSpike(track: DepthTrack, known: readonly number[], point: number, at: number): boolean {
  const half = WINDOW >> 1;
  const near = known.slice(Math.max(0, at - half), at + half + 1);
  if (near.length <= half) return false;
  const span = track.time(near.at(-1) ?? point) - track.time(near[0] ?? point);
  const apart = span / (near.length - 1);
  const off = Math.abs(track.depth(point) - median(near.map((other) => track.depth(other))));
  return off > Math.max(LEAST_M, 2 * apart * MOST_M_PER_S);
}
