import type { DepthTrack } from './depth-track.ts';

/**
 * A turn counts as one when the vehicle has gone this far the other way, and this share of the
 * session's whole span of depth: less is a swell, a pilot who corrects his depth, or the relief
 * of the bottom that he follows.
 */
export const TURN_M = 2;
export const TURN_SHARE = 0.25;
/** Speed is the slope of the depth over this time: a swell of about 5 s comes out near zero. */
export const SPEED_WINDOW_S = 5;
/** Slower than this counts as level: half of a slow cast (0.1 m/s), more than a swell leaves. */
export const LEVEL_M_PER_S = 0.05;
/** Over less of the window than this a slope says little. */
const LEAST_WINDOW_S = 1.5;

/** The way from one turn to the next. Times are seconds since the session began. */
export interface Leg {
  direction: 'down' | 'up';
  begin: number;
  end: number;
}

/** The legs of a track, in order. What comes before the first long way is on none. */
export function legsOf(track: DepthTrack): Leg[] {
  const legs: Leg[] = [];
  const turn = turnOf(track);
  let { begin, far, sign, next } = firstWay(track, turn);
  for (let point = next; point < track.size; point += 1) {
    const ahead = sign * (track.depth(point) - track.depth(far));
    if (ahead > 0) far = point;
    if (ahead > -turn || Number.isNaN(ahead)) continue;
    legs.push(leg(track, sign, begin, far));
    [begin, far, sign] = [far, point, -sign];
  }
  if (sign !== 0) legs.push(leg(track, sign, begin, far));
  return legs;
}

function turnOf(track: DepthTrack): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let point = 0; point < track.size; point += 1) {
    const depth = track.depth(point);
    if (depth < least) least = depth;
    if (depth > most) most = depth;
  }
  return Math.max(TURN_M, TURN_SHARE * (most - least));
}

/** Where the vehicle has first gone so far one way. `sign` is 1 for down, 0 where it never has. */
function firstWay(track: DepthTrack, turn: number) {
  let [shallowest, deepest] = [-1, -1];
  for (let point = 0; point < track.size; point += 1) {
    const depth = track.depth(point);
    if (Number.isNaN(depth)) continue;
    if (shallowest < 0 || depth <= track.depth(shallowest)) shallowest = point;
    if (deepest < 0 || depth >= track.depth(deepest)) deepest = point;
    const next = point + 1;
    if (depth - track.depth(shallowest) >= turn)
      return { begin: shallowest, far: point, sign: 1, next };
    if (track.depth(deepest) - depth >= turn) return { begin: deepest, far: point, sign: -1, next };
  }
  return { begin: 0, far: 0, sign: 0, next: track.size };
}

function leg(track: DepthTrack, sign: number, begin: number, end: number): Leg {
  const direction = sign > 0 ? 'down' : 'up';
  return { direction, begin: track.time(begin), end: track.time(end) };
}

/**
 * Smoothed vertical speed at a point in metres a second, positive down: the slope of the depth
 * over the points around it. NaN where a hole leaves too few of them.
 */
export function verticalSpeed(track: DepthTrack, point: number): number {
  let [first, last] = [point, point];
  const near = (other: number) =>
    Math.abs(track.time(other) - track.time(point)) <= SPEED_WINDOW_S / 2;
  while (first > 0 && near(first - 1) && track.connected(first - 1, first)) first -= 1;
  while (last + 1 < track.size && near(last + 1) && track.connected(last, last + 1)) last += 1;
  if (track.time(last) - track.time(first) < LEAST_WINDOW_S) return Number.NaN;
  return slope(track, first, last);
}

function slope(track: DepthTrack, first: number, last: number): number {
  let [times, depths] = [0, 0];
  for (let point = first; point <= last; point += 1) {
    times += track.time(point);
    depths += track.depth(point);
  }
  const points = last - first + 1;
  let [both, spread] = [0, 0];
  for (let point = first; point <= last; point += 1) {
    const off = track.time(point) - times / points;
    both += off * (track.depth(point) - depths / points);
    spread += off * off;
  }
  return both / spread;
}

/** Whether a vehicle at a point moves as its leg does; the answer for a point is worked out once. */
export class Movement {
  readonly #track: DepthTrack;
  /** 0: not worked out yet; 1 down, 2 up, 3 neither. */
  readonly #known: Uint8Array;

  constructor(track: DepthTrack) {
    this.#track = track;
    this.#known = new Uint8Array(track.size);
  }

  follows(direction: Leg['direction'], point: number): boolean {
    if (this.#known[point] === 0) this.#known[point] = this.#look(point);
    return this.#known[point] === (direction === 'down' ? 1 : 2);
  }

  #look(point: number): number {
    const speed = verticalSpeed(this.#track, point);
    if (speed > LEVEL_M_PER_S) return 1;
    return speed < -LEVEL_M_PER_S ? 2 : 3;
  }
}
