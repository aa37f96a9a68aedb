import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LnPoints, type WeightedLine, weightedLine } from './weighted.ts';

const KD = 0.15;
const CASTS = 300;
const SPEED = 0.3;
const DEEPEST = 18;
const BIN = 0.25;
const FINE_HZ = 30;

interface Waves {
  sigma: number;
  alikeS: number;
  rateHz: number;
}

/** A generator of normal numbers that gives the same ones for a seed. */
function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Light on the way down, averaged over each reading, put into bins: the logarithm of their means. */
function castOf(seed: number, { sigma, alikeS, rateHz }: Waves): LnPoints {
  const normal = normals(seed);
  const keep = Math.exp(-1 / (FINE_HZ * alikeS));
  const per = Math.round(FINE_HZ / rateHz);
  const bins = new Map<number, { count: number; light: number; depth: number }>();
  let [wave, sum, taken] = [normal(), 0, 0];
  for (let step = 0; step < (DEEPEST / SPEED) * FINE_HZ; step += 1) {
    const depth = (SPEED * step) / FINE_HZ;
    wave = keep * wave + Math.sqrt(1 - keep * keep) * normal();
    const size = sigma * Math.exp(-depth / 5);
    sum += 1000 * Math.exp(size * wave - (size * size) / 2 - KD * depth);
    taken += 1;
    if (taken < per) continue;
    const middle = depth - (SPEED * (per - 1)) / FINE_HZ / 2;
    const bin = bins.get(Math.floor(middle / BIN)) ?? { count: 0, light: 0, depth: 0 };
    bins.set(Math.floor(middle / BIN), {
      count: bin.count + 1,
      light: bin.light + sum / per,
      depth: bin.depth + middle,
    });
    [sum, taken] = [0, 0];
  }
  const points = [...bins.values()].filter(({ depth, count }) => depth / count >= 1);
  return {
    depth_m: points.map(({ depth, count }) => depth / count),
    ln_e: points.map(({ light, count }) => Math.log(light / count)),
  };
}

test.each([
  { waves: { sigma: 0.3, alikeS: 0.4, rateHz: 15 }, bias: 0.003, cover: [66, 93, 99] },
  { waves: { sigma: 0.3, alikeS: 2, rateHz: 15 }, bias: 0.005, cover: [74, 95, 100] },
  { waves: { sigma: 0.6, alikeS: 0.4, rateHz: 15 }, bias: 0.006, cover: [66, 93, 99] },
  { waves: { sigma: 0.3, alikeS: 0.4, rateHz: 0.967 }, bias: 0.003, cover: [68, 95, 99] },
])('under waves of $waves the error is that of many casts', ({ waves, bias, cover }) => {
  const found = Array.from({ length: CASTS }, (_, at) => weightedLine(castOf(5 + 77 * at, waves)));
  const mean = found.reduce((total, { kd }) => total + kd, 0) / CASTS;
  const within = [1, 2, 3].map(
    (errors) =>
      (100 * found.filter(({ kd, se }) => Math.abs(kd - KD) < errors * se).length) / CASTS,
  );
  expect(Math.abs(mean / KD - 1)).toBeLessThan(bias);
  for (const [at, share] of within.entries()) {
    expect(Math.abs(share - (cover[at] ?? 0))).toBeLessThanOrEqual(4);
  }
});

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const depths = fc
  .uniqueArray(fc.nat(400), { minLength: 5, maxLength: 60 })
  .chain((bins) =>
    fc.tuple(...bins.sort((a, b) => a - b).map((bin) => number(bin / 4, bin / 4 + 0.2))),
  );

test('points on a line give that line, with no error', () => {
  fc.assert(
    fc.property(depths, number(-1, 3), number(-5, 8), (at, kd, ln0) => {
      const line = weightedLine({ depth_m: at, ln_e: at.map((depth) => ln0 - kd * depth) });
      expect(line.kd).toBeCloseTo(kd, 7);
      expect(line.lnE0).toBeCloseTo(ln0, 5);
      expect(line.se).toBeCloseTo(0, 5);
    }),
  );
});

test('any points give finite figures, which a shift of the light does not change', () => {
  const scattered = depths.chain((at) =>
    fc.tuple(fc.constant(at), fc.tuple(...at.map(() => number(-3, 7)))),
  );
  fc.assert(
    fc.property(scattered, ([depth_m, lns]) => {
      const line: WeightedLine = weightedLine({ depth_m, ln_e: lns });
      for (const figure of Object.values(line)) expect(Number.isFinite(figure)).toBe(true);
      expect(line.r2).toBeLessThanOrEqual(1);
    }),
  );
});
