export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Sum of the products of each number of `a` with the one of `b` that stands `lag` places before. */
export function products(a: readonly number[], b: readonly number[], lag: number): number {
  let total = 0;
  for (let at = lag; at < a.length; at += 1) total += (a[at] ?? 0) * (b[at - lag] ?? 0);
  return total;
}

/** Of 0 numbers NaN. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * Variance of the sum of numbers whose neighbours are alike, over so many lags: Newey and West
 * (1987), with weights that keep it above 0 but for rounding.
 */
export function longRunVariance(numbers: readonly number[], lags: number): number {
  let variance = products(numbers, numbers, 0);
  for (let lag = 1; lag <= lags; lag += 1) {
    variance += 2 * (1 - lag / (lags + 1)) * products(numbers, numbers, lag);
  }
  return Math.max(0, variance);
}
