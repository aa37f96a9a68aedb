import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultRange, FEWEST_BINS, fitKd } from './fit.ts';

const EVERYWHERE = { from_m: -1000, to_m: 1000 };

function binsOf(depth_m: number[], mean_ln: number[]) {
  return { depth_m, mean_ln, count: depth_m.map(() => 3) };
}

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** A depth in each of some bins of 0.25 m. */
const depths = fc
  .uniqueArray(fc.nat(400), { minLength: FEWEST_BINS, maxLength: 60 })
  .chain((bins) =>
    fc.tuple(...bins.sort((a, b) => a - b).map((bin) => number(bin / 4, bin / 4 + 0.2))),
  );

test('points on a line give that line, with no error', () => {
  fc.assert(
    fc.property(depths, number(-1, 3), number(-5, 8), (at, kd, ln0) => {
      const line = at.map((depth) => ln0 - kd * depth);
      const { attenuation } = fitKd(binsOf(at, line), EVERYWHERE);
      expect(attenuation?.kd_per_m).toBeCloseTo(kd, 8);
      expect(attenuation?.kd_se_per_m).toBeCloseTo(0, 6);
      expect(Math.log(attenuation?.e0 ?? 0)).toBeCloseTo(ln0, 6);
      expect(attenuation).toMatchObject({ bins: at.length, readings: 3 * at.length });
      if (kd > 0.01) {
        expect(attenuation?.r2).toBeCloseTo(1, 6);
        expect(attenuation?.one_percent_depth_m).toBeCloseTo(4.60517 / kd, 2);
      }
    }),
  );
});

/** Slope, standard error and r² from the normal equations in matrices, with the sandwich written out. */
function byMatrices(x: readonly number[], y: readonly number[]) {
  const n = x.length;
  const rows = x.map((depth) => [1, depth] as const);
  const moment = (f: (i: number) => number) => rows.reduce((total, _, i) => total + f(i), 0);
  const [s0, s1, s2] = [n, moment((i) => x[i] ?? 0), moment((i) => (x[i] ?? 0) ** 2)];
  const det = s0 * s2 - s1 * s1;
  const inverse = [
    [s2 / det, -s1 / det],
    [-s1 / det, s0 / det],
  ] as const;
  const t0 = moment((i) => y[i] ?? 0);
  const t1 = moment((i) => (x[i] ?? 0) * (y[i] ?? 0));
  const a = inverse[0][0] * t0 + inverse[0][1] * t1;
  const b = inverse[1][0] * t0 + inverse[1][1] * t1;
  const scores = rows.map(([one, depth], i) => {
    const lever =
      inverse[0][0] * one + 2 * inverse[0][1] * one * depth + inverse[1][1] * depth * depth;
    const rest = ((y[i] ?? 0) - a - b * depth) / (1 - lever);
    return [rest * one, rest * depth] as const;
  });
  let variance = 0;
  for (const [i, u] of scores.entries()) {
    for (const [j, v] of scores.entries()) {
      const weight = Math.max(0, 1 - Math.abs(i - j) / 3);
      const [p, q] = [
        inverse[1][0] * u[0] + inverse[1][1] * u[1],
        inverse[1][0] * v[0] + inverse[1][1] * v[1],
      ];
      variance += weight * p * q;
    }
  }
  return { kd: -b, se: Math.sqrt(Math.max(0, variance)), e0: Math.exp(a) };
}

test('any points give what the sandwich of matrices gives', () => {
  const scattered = depths.chain((at) =>
    fc.tuple(fc.constant(at), fc.tuple(...at.map(() => number(-3, 7)))),
  );
  fc.assert(
    fc.property(scattered, ([at, lns]) => {
      const { attenuation } = fitKd(binsOf(at, lns), EVERYWHERE);
      const expected = byMatrices(at, lns);
      expect(attenuation?.kd_per_m).toBeCloseTo(expected.kd, 5);
      expect(attenuation?.kd_se_per_m).toBeCloseTo(expected.se, 4);
      expect(attenuation?.r2).toBeGreaterThanOrEqual(0);
      expect(attenuation?.r2).toBeLessThanOrEqual(1);
    }),
  );
});

test('only bins whose mean depth lies in the range take part', () => {
  const at = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const bent = at.map((depth) => (depth <= 5 ? -depth : -5 - 3 * (depth - 5)));
  const upper = fitKd(binsOf(at, bent), { from_m: 1, to_m: 5 });
  expect(upper.attenuation?.kd_per_m).toBeCloseTo(1);
  const lower = fitKd(binsOf(at, bent), { from_m: 6, to_m: 10 });
  expect(lower.attenuation).toMatchObject({ bins: 5, readings: 15 });
  expect(lower.attenuation?.kd_per_m).toBeCloseTo(3);
});

test('too few points, too little depth, or nothing below 1 m: a reason instead of numbers', () => {
  const four = binsOf([1, 2, 3, 4], [4, 3, 2, 1]);
  expect(fitKd(four, EVERYWHERE)).toMatchObject({ attenuation: null });
  expect(fitKd(four, EVERYWHERE).problem).toContain('at least 5 depth bins: this range has 4');
  const flat = binsOf([3, 3, 3, 3, 3, 3], [1, 2, 3, 4, 5, 6]);
  expect(fitKd(flat, EVERYWHERE)).toMatchObject({ attenuation: null, range: EVERYWHERE });
  expect(fitKd(flat, EVERYWHERE).problem).toContain('0.5 m of depth');
  const shallow = binsOf([0.1, 0.4], [1, 2]);
  expect(defaultRange(shallow)).toBeNull();
  expect(fitKd(shallow, null).problem).toContain('below 1 m');
});

test('light that grows with depth has a negative Kd and no 1 % depth', () => {
  const at = [1, 2, 3, 4, 5];
  const { attenuation } = fitKd(binsOf(at, at), EVERYWHERE);
  expect(attenuation?.kd_per_m).toBeCloseTo(-1);
  expect(attenuation?.one_percent_depth_m).toBeNull();
});

test('light that never changes has a Kd of 0, and nothing of it is explained', () => {
  const { attenuation } = fitKd(binsOf([1, 2, 3, 4, 5], [2, 2, 2, 2, 2]), EVERYWHERE);
  expect(attenuation).toMatchObject({ kd_se_per_m: 0, r2: 0, one_percent_depth_m: null });
  expect(attenuation?.kd_per_m).toBeCloseTo(0);
});

test('the default range reaches from 1 m to where 1 % of the brightest bin is left', () => {
  const at = Array.from({ length: 40 }, (_, bin) => bin / 2);
  const clear = binsOf(
    at,
    at.map((depth) => -0.1 * depth),
  );
  expect(defaultRange(clear)).toEqual({ from_m: 1, to_m: 19.5 });
  const murky = binsOf(
    at,
    at.map((depth) => -0.5 * depth),
  );
  expect(defaultRange(murky)).toEqual({ from_m: 1, to_m: 10 });
});
