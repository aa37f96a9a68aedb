import type { Attenuation, DepthBins, DepthRange, Fit } from '../api/profile.ts';
import { longRunVariance, products, sum } from './sums.ts';

/** With fewer points the standard error itself is little more than a guess (3 degrees of freedom). */
export const FEWEST_BINS = 5;
/** Points closer together than this say nothing of how light falls with depth. */
export const LEAST_SPAN_M = 0.5;
/** ln 100: what is left of the light is then 1 % of what there was. */
export const ONE_PERCENT = Math.log(100);
/** Bins so many places apart may still be in the same wave: half a metre. */
const ALIKE_BINS = 2;
/** Above this the surface itself, waves that focus the light and the vehicle's shadow are at work. */
export const SURFACE_M = 1;

type Points = Pick<DepthBins, 'depth_m' | 'mean_ln' | 'count'>;

/**
 * Kd(PAR) over the bins whose mean depth lies in the range: the slope of the least-squares line
 * ln E(z) = ln E(0-) - Kd z, each bin one point. Kirk, Light and Photosynthesis in Aquatic
 * Ecosystems, 3rd ed. (2011), chapters 1 and 6.
 */
export function fitKd(bins: Points, range: DepthRange | null): Fit {
  if (range === null) return without(null, 'There is no reading below 1 m on this cast.');
  const chosen = within(bins, range);
  const points = chosen.depth_m.length;
  if (points < FEWEST_BINS) {
    return without(
      range,
      `Kd needs at least ${FEWEST_BINS} depth bins: this range has ${points}. Widen it.`,
    );
  }
  const span = Math.max(...chosen.depth_m) - Math.min(...chosen.depth_m);
  if (span < LEAST_SPAN_M) {
    return without(range, `Kd needs readings over at least ${LEAST_SPAN_M} m of depth. Widen it.`);
  }
  return { range, attenuation: attenuationOf(chosen), problem: null };
}

/**
 * The range that is taken where nobody has chosen one: from 1 m to where the light has fallen to
 * 1 % of its brightest bin, or to the deepest bin. Further down the dark signal weighs in.
 */
export function defaultRange({ depth_m, mean_ln }: Points): DepthRange | null {
  const first = depth_m.findIndex((depth) => depth >= SURFACE_M);
  if (first < 0) return null;
  const brightest = mean_ln.slice(first).reduce((most, ln) => Math.max(most, ln));
  const dim = mean_ln.findIndex((ln, at) => at > first && ln < brightest - ONE_PERCENT);
  const last = dim < 0 ? depth_m.length - 1 : dim - 1;
  return { from_m: depth_m[first] ?? SURFACE_M, to_m: depth_m[last] ?? SURFACE_M };
}

function without(range: DepthRange | null, problem: string): Fit {
  return { range, attenuation: null, problem };
}

function within({ depth_m, mean_ln, count }: Points, { from_m, to_m }: DepthRange): Points {
  const isIn = (_: number, at: number) => {
    const depth = depth_m[at] ?? Number.NaN;
    return depth >= from_m && depth <= to_m;
  };
  return {
    depth_m: depth_m.filter(isIn),
    mean_ln: mean_ln.filter(isIn),
    count: count.filter(isIn),
  };
}

/** Least squares; what a straight line leaves over gives the standard error. */
function attenuationOf({ depth_m, mean_ln, count }: Points): Attenuation {
  const points = depth_m.length;
  const [meanDepth, meanLn] = [sum(depth_m) / points, sum(mean_ln) / points];
  const depths = depth_m.map((depth) => depth - meanDepth);
  const lns = mean_ln.map((ln) => ln - meanLn);
  const slope = products(depths, lns, 0) / products(depths, depths, 0);
  const rests = lns.map((ln, at) => ln - slope * (depths[at] ?? 0));
  const total = products(lns, lns, 0);
  const kd = -slope;
  return {
    kd_per_m: kd,
    kd_se_per_m: standardError(depths, rests),
    // Where ln E never varies there is nothing that depth could explain.
    r2: total > 0 ? Math.max(0, 1 - products(rests, rests, 0) / total) : 0,
    bins: points,
    readings: sum(count),
    e0: Math.exp(meanLn - slope * meanDepth),
    one_percent_depth_m: kd > 0 ? ONE_PERCENT / kd : null,
  };
}

/**
 * Standard error of the slope that holds where points scatter unlike (waves fade with depth) and
 * neighbours scatter alike (one wave, one cloud): Newey and West (1987), with residuals weighted
 * for small samples as in MacKinnon and White's HC3 (1985). The textbook's formula knows neither:
 * on the simulated dive it gives less than two thirds of the true error.
 */
function standardError(depths: readonly number[], rests: readonly number[]): number {
  const spread = products(depths, depths, 0);
  const shares = depths.map((depth, at) => {
    const leverage = 1 / depths.length + (depth * depth) / spread;
    return (depth * (rests[at] ?? 0)) / (1 - leverage);
  });
  return Math.sqrt(longRunVariance(shares, ALIKE_BINS)) / spread;
}
