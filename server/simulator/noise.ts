/** Repeatable noise: the same seed and place give the same number, in any order of asking. */

const UINT32 = 2 ** 32;

/** Integer hash (Mulberry32's mixing), 0 to 1. */
export function hash(seed: number, place: number): number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(place | 0, 0x85ebca6b)) >>> 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / UINT32;
}

/** Smooth noise, 0 to 1, that changes over about one unit of `x`. */
export function smooth(seed: number, x: number): number {
  const left = Math.floor(x);
  const share = x - left;
  const weight = share * share * (3 - 2 * share);
  return hash(seed, left) * (1 - weight) + hash(seed, left + 1) * weight;
}

/** About normal, mean 0 and standard deviation 1 (sum of twelve). */
export function gauss(seed: number, place: number): number {
  let sum = -6;
  for (let i = 0; i < 12; i += 1) sum += hash(seed + i, place);
  return sum;
}
