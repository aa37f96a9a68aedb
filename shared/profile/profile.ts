import type { Cast, LeftOut } from '../api/profile.ts';
import { BIN_M, DepthBinning } from './bins.ts';
import { type Leg, legsOf, Movement } from './casts.ts';
import type { DepthTrack } from './depth-track.ts';
import { defaultRange, fitKd } from './fit.ts';

/** A leg, and what the vehicle saw where it had not yet been on it. */
interface CastSoFar {
  leg: Leg;
  binning: DepthBinning;
  /** Metres that it has come so far, in the direction of the leg: deeper is more on the way down. */
  reached: number;
}

/** Puts the readings of a session into the depth bins of its casts. */
export class ProfileBuilder {
  readonly leftOut: LeftOut = {
    without_depth: 0,
    not_moving: 0,
    not_above_dark: 0,
    damaged_lines: 0,
  };
  total = 0;
  readonly #track: DepthTrack;
  readonly #movement: Movement;
  readonly #darkOffset: number;
  readonly #casts: CastSoFar[];
  #at = 0;

  /** The track is whole by then. `darkOffset` is in the unit of the readings. */
  constructor(track: DepthTrack, darkOffset: number) {
    this.#track = track;
    this.#movement = new Movement(track);
    this.#darkOffset = darkOffset;
    this.#casts = legsOf(track).map((leg) => ({
      ...{ leg, binning: new DepthBinning(), reached: Number.NEGATIVE_INFINITY },
    }));
  }

  /** Adds a reading, taken at a moment in the seconds of the track. Fast where moments ascend. */
  add(time: number, value: number): void {
    this.total += 1;
    const depth = this.#track.depthAt(time);
    if (depth === null) {
      this.leftOut.without_depth += 1;
      return;
    }
    const binning = this.#binningAt(time, depth);
    const light = value - this.#darkOffset;
    if (binning === null) this.leftOut.not_moving += 1;
    else if (light > 0) binning.add(depth, light);
    else this.leftOut.not_above_dark += 1;
  }

  /** The casts that have readings, each with its fit over the default range. */
  casts(): Cast[] {
    return this.#casts.map(castOf).filter((cast) => cast.bins.count.length > 0);
  }

  /**
   * Only water that is new on a cast counts: who follows the bottom up and down for an hour would
   * fill its deepest bins with the light of that hour.
   */
  #binningAt(time: number, depth: number): DepthBinning | null {
    const cast = this.#castAt(time);
    if (cast === undefined || time < cast.leg.begin) return null;
    const { direction } = cast.leg;
    if (!this.#movement.follows(direction, this.#track.pointAt(time))) return null;
    const way = direction === 'down' ? depth : -depth;
    if (way < cast.reached - BIN_M) return null;
    cast.reached = Math.max(cast.reached, way);
    return cast.binning;
  }

  /** The first cast that has not ended at that moment. */
  #castAt(time: number): CastSoFar | undefined {
    while (this.#at > 0 && time <= (this.#casts[this.#at - 1]?.leg.end ?? time)) this.#at -= 1;
    while (time > (this.#casts[this.#at]?.leg.end ?? time)) this.#at += 1;
    return this.#casts[this.#at];
  }
}

function castOf({ leg, binning }: CastSoFar): Cast {
  const bins = binning.bins();
  return {
    direction: leg.direction,
    begin_elapsed_s: leg.begin,
    end_elapsed_s: leg.end,
    bins,
    fit: fitKd(bins, defaultRange(bins)),
  };
}
