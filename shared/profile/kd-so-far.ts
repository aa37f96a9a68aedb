import type { Attenuation } from '../api/profile.ts';
import { BIN_M, DepthBinning } from './bins.ts';
import {
  LEVEL_M_PER_S,
  type Leg,
  SPEED_WINDOW_S,
  TURN_M,
  TURN_SHARE,
  verticalSpeed,
} from './casts.ts';
import { type DepthRow, DepthTrack, MOST_APART_S } from './depth-track.ts';
import { defaultRange, fitKd } from './fit.ts';

/** What lies further back than this is not looked at again. */
const LOOK_BACK_S = 2 * SPEED_WINDOW_S;
/** Of so many points the oldest are forgotten. */
const MOST_POINTS = 2048;
/** No vehicle is so late with a depth: then there is none for these readings. */
const PATIENCE_S = SPEED_WINDOW_S / 2 + MOST_APART_S;

interface Waiting {
  time: number;
  light: number;
}

/**
 * Kd of a dive that goes on, as its profile would have it of the same rows. It grows with each
 * reading; of what was, only bins are kept.
 */
export class KdSoFar {
  #track = new DepthTrack();
  readonly #down = new Way('down');
  readonly #up = new Way('up');
  #leg: Way | null = null;
  #found: Attenuation | null = null;
  #shallowest = Number.POSITIVE_INFINITY;
  #deepest = Number.NEGATIVE_INFINITY;
  #looked = 0;
  #waiting: Waiting[] = [];

  /** What the vehicle says of the depth, in the order in which it says it. */
  addDepth(row: DepthRow): void {
    this.#track.add(row);
    for (; this.#looked < this.#track.size; this.#looked += 1) this.#turn(this.#looked);
    if (this.#track.size > MOST_POINTS) this.#forget();
  }

  /** A reading above dark; its moment is in the seconds of the rows. */
  add(time: number, light: number): void {
    this.#waiting.push({ time, light });
    // How fast the vehicle moved at that moment shows a little later.
    const until = Math.max(this.#newest() - SPEED_WINDOW_S / 2, time - PATIENCE_S);
    const ready = this.#waiting.findIndex((one) => one.time > until);
    const { length } = this.#waiting;
    for (const one of this.#waiting.splice(0, ready < 0 ? length : ready)) this.#bin(one);
  }

  /** Of the newest cast that has one; null while none has: with too little depth, or no fall of light. */
  get attenuation(): Attenuation | null {
    this.#found = this.#leg?.attenuation() ?? this.#found;
    return this.#found;
  }

  #newest(): number {
    return this.#track.size === 0
      ? Number.NEGATIVE_INFINITY
      : this.#track.time(this.#track.size - 1);
  }

  /** The other way begins where the vehicle has gone furthest on this one. */
  #turn(point: number): void {
    const [time, depth] = [this.#track.time(point), this.#track.depth(point)];
    if (Number.isNaN(depth)) return;
    this.#shallowest = Math.min(this.#shallowest, depth);
    this.#deepest = Math.max(this.#deepest, depth);
    const turn = Math.max(TURN_M, TURN_SHARE * (this.#deepest - this.#shallowest));
    for (const way of [this.#down, this.#up]) {
      if (way === this.#leg) continue;
      if (way.gone(depth) <= 0) way.begin(time, depth);
      else if (way.gone(depth) >= turn) this.#take(way, time, depth);
    }
  }

  #take(way: Way, time: number, depth: number): void {
    this.#found = this.attenuation;
    this.#leg = way;
    (way === this.#down ? this.#up : this.#down).begin(time, depth);
  }

  #bin({ time, light }: Waiting): void {
    const depth = this.#track.depthAt(time);
    if (depth === null || light <= 0) return;
    const speed = verticalSpeed(this.#track, this.#track.pointAt(time));
    if (speed > LEVEL_M_PER_S) this.#down.add(time, depth, light);
    if (speed < -LEVEL_M_PER_S) this.#up.add(time, depth, light);
  }

  #forget(): void {
    const [old, since] = [this.#track, this.#newest() - LOOK_BACK_S];
    this.#track = new DepthTrack();
    for (let point = old.pointAt(since); point < old.size; point += 1) {
      const depth = old.depth(point);
      const known = Number.isNaN(depth) ? null : depth;
      this.#track.add({ time: old.time(point), depth: known, age: 0 });
    }
    this.#looked = this.#track.size;
  }
}

/** What was seen since the vehicle last began to go one way. */
class Way {
  readonly #sign: number;
  #since = Number.NaN;
  #from = Number.NaN;
  #reached = Number.NEGATIVE_INFINITY;
  #binning = new DepthBinning();
  #known: Attenuation | null | undefined;

  constructor(direction: Leg['direction']) {
    this.#sign = direction === 'down' ? 1 : -1;
  }

  /** Metres from where it began; 0 before. */
  gone(depth: number): number {
    return Number.isNaN(this.#from) ? 0 : this.#sign * (depth - this.#from);
  }

  begin(time: number, depth: number): void {
    [this.#since, this.#from] = [time, depth];
    this.#reached = Number.NEGATIVE_INFINITY;
    this.#binning = new DepthBinning();
    this.#known = undefined;
  }

  /** Only water that is new on this way counts, as in the profile of a session. */
  add(time: number, depth: number, light: number): void {
    const way = this.#sign * depth;
    if (time < this.#since || way < this.#reached - BIN_M) return;
    this.#reached = Math.max(this.#reached, way);
    this.#binning.add(depth, light);
    this.#known = undefined;
  }

  attenuation(): Attenuation | null {
    if (this.#known !== undefined) return this.#known;
    const bins = this.#binning.bins();
    this.#known = found(fitKd(bins, defaultRange(bins)).attenuation);
    return this.#known;
  }
}

/** Noise has a slope as well. */
const LEAST_ERRORS = 3;
const LEAST_R2 = 0.5;

function found(attenuation: Attenuation | null): Attenuation | null {
  if (attenuation === null) return null;
  const { kd_per_m, kd_se_per_m, r2 } = attenuation;
  return kd_per_m >= LEAST_ERRORS * kd_se_per_m && r2 >= LEAST_R2 ? attenuation : null;
}
