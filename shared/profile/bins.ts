import type { DepthBins } from '../api/profile.ts';

/**
 * Height of a depth bin in metres. Readings that follow one another under waves are not
 * independent, so the regression takes bins for its points: at a usual 0.3 m/s one takes about a
 * second, longer than the flicker of waves.
 */
export const BIN_M = 0.25;

interface Bin {
  count: number;
  depths: number;
  logs: number;
  lights: number;
  min: number;
  max: number;
}

/** The readings of one cast in bins of depth. */
export class DepthBinning {
  #bins = new Map<number, Bin>();

  /** `light` is above 0. */
  add(depth: number, light: number): void {
    const index = Math.floor(depth / BIN_M);
    let bin = this.#bins.get(index);
    if (bin === undefined) {
      bin = { count: 0, depths: 0, logs: 0, lights: 0, min: light, max: light };
      this.#bins.set(index, bin);
    }
    bin.count += 1;
    bin.depths += depth;
    bin.logs += Math.log(light);
    bin.lights += light;
    if (light < bin.min) bin.min = light;
    if (light > bin.max) bin.max = light;
  }

  /** Shallowest first. */
  bins(): DepthBins {
    const sorted = [...this.#bins].sort(([a], [b]) => a - b).map(([, bin]) => bin);
    return {
      depth_m: sorted.map((bin) => bin.depths / bin.count),
      count: sorted.map((bin) => bin.count),
      mean_ln: sorted.map((bin) => bin.logs / bin.count),
      min: sorted.map((bin) => bin.min),
      max: sorted.map((bin) => bin.max),
      mean: sorted.map((bin) => bin.lights / bin.count),
    };
  }
}
