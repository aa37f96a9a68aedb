import { DepthTrack } from '../../../shared/profile/depth-track.ts';
import type { SessionClock } from '../../../shared/session-clock.ts';
import { vehicleRow } from '../../../shared/vehicle.ts';
import { vehicleFileState, vehicleRows } from '../vehicle-track.ts';

const ROW = vehicleRow.pick({
  ...{ timestamp: true, elapsed_s: true, depth_m: true, depth_age_s: true },
  ...{ latitude_deg: true, longitude_deg: true, position_age_s: true },
});

/** Where the vehicle was at any moment; null wherever that would be a guess. */
export interface Place {
  latitude: number | null;
  longitude: number | null;
  depth: number | null;
}

/** Depth and position over a session: each interpolated as the profile does it, never over a loss. */
export class Places {
  /** The same rule for each: two rows not far apart, neither value old. */
  readonly #latitude = new DepthTrack();
  readonly #longitude = new DepthTrack();
  readonly #depth = new DepthTrack();
  /** Degrees east without the jump at 180. */
  #east = Number.NaN;

  static async of(folder: string, clock: SessionClock): Promise<Places> {
    const places = new Places();
    if ((await vehicleFileState(folder)) === null) return places;
    for await (const rows of vehicleRows(folder, ROW)) {
      for (const row of rows) if (row !== null) places.#add(row, clock.of(row));
    }
    return places;
  }

  get hasDepth(): boolean {
    return this.#depth.hasDepth;
  }

  get hasPosition(): boolean {
    return this.#latitude.hasDepth;
  }

  /** At a moment in seconds since the session began. Fast where moments ascend. */
  at(time: number): Place {
    const longitude = this.#longitude.depthAt(time);
    return {
      latitude: this.#latitude.depthAt(time),
      longitude: longitude === null ? null : wrapped(longitude),
      depth: this.#depth.depthAt(time),
    };
  }

  #add(row: (typeof ROW)['_output'], time: number): void {
    const { latitude_deg, longitude_deg, position_age_s: age, depth_m, depth_age_s } = row;
    const isKnown = latitude_deg !== null && longitude_deg !== null;
    this.#depth.add({ time, depth: depth_m, age: depth_age_s });
    this.#latitude.add({ time, depth: isKnown ? latitude_deg : null, age });
    this.#longitude.add({ time, depth: isKnown ? this.#unwrapped(longitude_deg) : null, age });
  }

  #unwrapped(longitude: number): number {
    const turns = Number.isNaN(this.#east) ? 0 : Math.round((this.#east - longitude) / 360);
    this.#east = longitude + 360 * turns;
    return this.#east;
  }
}

const wrapped = (degrees: number) => degrees - 360 * Math.round(degrees / 360);
