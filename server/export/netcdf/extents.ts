import type { Observation } from './columns.ts';

export interface Extent {
  min: number;
  max: number;
}

/** What a file says of its readings before the first of them: that takes a pass over all. */
export class Extents {
  readings = 0;
  damagedLines = 0;
  /** Readings whose time is not after the one before. */
  backwards = 0;
  micros: Extent | null = null;
  latitude: Extent | null = null;
  longitude: Extent | null = null;
  depth: Extent | null = null;
  #last = Number.NEGATIVE_INFINITY;

  add({ micros, latitude, longitude, depth }: Observation): void {
    this.readings += 1;
    if (micros <= this.#last) this.backwards += 1;
    this.#last = micros;
    this.micros = widened(this.micros, micros);
    this.latitude = widened(this.latitude, latitude);
    this.longitude = widened(this.longitude, longitude);
    this.depth = widened(this.depth, depth);
  }
}

/** The extent with one value more; null stands for none. */
export function widened(extent: Extent | null, value: number | null): Extent | null {
  if (value === null) return extent;
  if (extent === null) return { min: value, max: value };
  extent.min = Math.min(extent.min, value);
  extent.max = Math.max(extent.max, value);
  return extent;
}
