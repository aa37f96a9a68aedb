import { longRunVariance, products, sum } from './sums.ts';

/** Points of a profile: ln E at a depth, shallowest first. */
export interface LnPoints {
  depth_m: readonly number[];
  ln_e: readonly number[];
}

/** A line ln E = lnE0 - kd z through points. */
export interface WeightedLine {
  kd: number;
  /** Standard error of kd; it holds where points scatter unlike and neighbours alike. */
  se: number;
  /** At depth 0. */
  lnE0: number;
  /** Weighted share of the variance of ln E that the line explains. */
  r2: number;
}

const ROUNDS = 3;
/** The heaviest point counts this many times the lightest at most. */
const MOST_RATIO = 400;
/** Neighbours that are still alike after the first lag was taken out. */
const LAGS = 2;
const MOST_ALIKE = 0.9;
/** A residual of exactly 0 has no logarithm. */
const LEAST_SQUARE = 1e-24;

interface Line {
  slope: number;
  offset: number;
  /** Weighted mean depth. */
  centre: number;
  /** Weighted sum of squared distances from it. */
  spread: number;
  rests: number[];
}

/**
 * Weighted least squares. Waves scatter shallow points more than deep ones: the variance is taken
 * to fall as exp(b z), b <= 0, and found from the residuals in three rounds.
 */
export function weightedLine({ depth_m: depths, ln_e: lns }: LnPoints): WeightedLine {
  let weights: readonly number[] = depths.map(() => 1);
  let line = lineThrough(depths, lns, weights);
  for (let round = 0; round < ROUNDS; round += 1) {
    weights = weightsFor(depths, line.rests);
    line = lineThrough(depths, lns, weights);
  }
  return {
    kd: -line.slope,
    se: standardError(depths, weights, line),
    lnE0: line.offset,
    r2: explained(lns, weights, line.rests),
  };
}

function lineThrough(
  depths: readonly number[],
  lns: readonly number[],
  weights: readonly number[],
): Line {
  const all = sum(weights);
  const centre = products(weights, depths, 0) / all;
  const middle = products(weights, lns, 0) / all;
  const off = depths.map((depth) => depth - centre);
  const pulled = off.map((distance, at) => distance * (weights[at] ?? 0));
  const spread = products(pulled, off, 0);
  const slope =
    products(
      pulled,
      lns.map((ln) => ln - middle),
      0,
    ) / spread;
  const rests = lns.map((ln, at) => ln - middle - slope * (off[at] ?? 0));
  return { slope, offset: middle - slope * centre, centre, spread, rests };
}

function weightsFor(depths: readonly number[], rests: readonly number[]): number[] {
  const logs = rests.map((rest) => Math.log(Math.max(LEAST_SQUARE, rest * rest)));
  const ones = depths.map(() => 1);
  const falls = Math.min(0, lineThrough(depths, logs, ones).slope);
  const shallowest = Math.min(...depths);
  return depths.map((depth) => Math.min(MOST_RATIO, Math.exp(-falls * (depth - shallowest))));
}

function standardError(
  depths: readonly number[],
  weights: readonly number[],
  { centre, spread, rests }: Line,
): number {
  const all = sum(weights);
  const scores = depths.map((depth, at) => {
    const weight = weights[at] ?? 0;
    const off = depth - centre;
    const leverage = weight / all + (weight * off * off) / spread;
    return (weight * off * (rests[at] ?? 0)) / Math.max(1e-9, 1 - leverage) / spread;
  });
  const alike = likeness(scores);
  const whitened = scores.slice(1).map((score, at) => score - alike * (scores[at] ?? 0));
  return Math.sqrt(longRunVariance(whitened, LAGS)) / (1 - alike);
}

/** Lag-1 regression of the scores; in few points it comes out too small, which is put right. */
function likeness(scores: readonly number[]): number {
  const before = scores.slice(0, -1);
  const square = products(before, before, 0);
  const found = square > 0 ? products(scores, scores, 1) / square : 0;
  return Math.min(MOST_ALIKE, Math.max(0, found + (1 + 3 * found) / scores.length));
}

function explained(
  lns: readonly number[],
  weights: readonly number[],
  rests: readonly number[],
): number {
  const middle = products(weights, lns, 0) / sum(weights);
  const squares = (numbers: readonly number[]) =>
    numbers.reduce((total, number, at) => total + (weights[at] ?? 0) * number * number, 0);
  const total = squares(lns.map((ln) => ln - middle));
  // Where ln E never varies there is nothing that depth could explain.
  return total > 0 ? Math.max(0, 1 - squares(rests) / total) : 0;
}
