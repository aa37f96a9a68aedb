import type { Cast, DepthRange } from '../../../shared/api/profile.ts';
import { SURFACE_M } from '../../../shared/profile/fit.ts';
import type { Colours } from '../plot/colours.ts';
import { niceStep, type ValueRange } from '../series/value-range.ts';
import type { DepthMark } from './dives.ts';

/** Where the axes end: of light in the unit of the readings, of depth in metres. */
export interface Axes {
  light: ValueRange;
  depth: ValueRange;
}

/** One picture of a dive: what is drawn. */
export interface Scene {
  casts: readonly Cast[];
  /** The bins that the lines go through lie in it. */
  range: DepthRange;
  marks: readonly DepthMark[];
  axes: Axes;
  /** Of the readings. */
  unit: string;
  colours: Colours;
}

const DEPTH_STEPS = 8;
/** A line far above the readings must not squeeze them. */
const MOST_ABOVE = 5;

export function axesOf(casts: readonly Cast[]): Axes {
  return { light: lightRange(casts), depth: depthAxis(casts) };
}

/** The axis of light in steps of 1, 2 and 5: from the darkest bin to E(0-), where that is near. */
function lightRange(casts: readonly Cast[]): ValueRange {
  const logs = casts.flatMap(({ bins }) => bins.mean_ln);
  const brightest = Math.exp(Math.max(...logs));
  const surface = Math.max(...casts.map(({ fit }) => fit.attenuation?.e0 ?? 0));
  const max = Math.max(brightest, Math.min(surface, MOST_ABOVE * brightest));
  // A step before the next one above is one below.
  return { min: 1 / niceStep(1.05 / Math.exp(Math.min(...logs))), max: niceStep(1.05 * max) };
}

/** The axis of depth: from the surface (or above it, where there are bins) to below the deepest bin. */
function depthAxis(casts: readonly Cast[]): ValueRange {
  const depths = casts.flatMap(({ bins }) => bins.depth_m);
  const deepest = Math.max(...depths);
  const step = niceStep(deepest / DEPTH_STEPS);
  return {
    min: Math.min(0, Math.floor(Math.min(...depths) / step) * step),
    max: Math.ceil((deepest * 1.02) / step) * step,
  };
}

/** The range that is shown before the viewer has chosen one: that of all casts together. */
export function firstRange(casts: readonly Cast[], axis: ValueRange): DepthRange {
  const ranges = casts.flatMap(({ fit }) => fit.range ?? []);
  const deepest = Math.max(...ranges.map(({ to_m }) => to_m), 0);
  if (deepest === 0) return { from_m: axis.min, to_m: axis.max };
  return { from_m: SURFACE_M, to_m: Math.min(axis.max, Math.ceil(deepest * 10) / 10) };
}
