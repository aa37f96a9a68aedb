import { expect, test } from 'vitest';
import type { Cast } from '../../../shared/api/profile.ts';
import { divesOf, longestOf, marksOf } from './dives.ts';
import { axesOf, firstRange } from './scene.ts';
import { kdWords, leftOutWords } from './words.ts';

function castOf(direction: Cast['direction'], begin: number, depths: number[]): Cast {
  const mean_ln = depths.map((depth) => Math.log(800) - 0.2 * depth);
  const values = mean_ln.map(Math.exp);
  return {
    ...{ direction, begin_elapsed_s: begin, end_elapsed_s: begin + 50 },
    bins: {
      ...{ depth_m: depths, mean_ln, min: values, max: values, mean: values },
      count: depths.map(() => 4),
    },
    fit: { range: { from_m: 1.1, to_m: 9.73 }, attenuation: null, problem: 'none' },
  };
}

test('a way down and the way up after it are a dive, others stand alone', () => {
  const casts = [
    castOf('up', 0, [1, 2]),
    castOf('down', 100, [1, 9]),
    castOf('up', 200, [2, 9]),
    castOf('down', 300, [6, 9.5]),
  ];
  const dives = divesOf(casts);
  const ways = dives.map((dive) => dive.casts.map(({ direction }) => direction));
  expect(ways).toEqual([['up'], ['down', 'up'], ['down']]);
  expect(longestOf(dives)).toBe(1);
  expect(longestOf([])).toBe(0);
});

test('a marker belongs to the dive that had begun, and needs a depth', () => {
  const dives = divesOf([castOf('down', 100, [1, 9]), castOf('down', 300, [1, 9])]);
  const marker = (elapsed_s: number, depth_m: number | null) => ({
    ...{ elapsed_s, depth_m, text: `${elapsed_s}` },
  });
  const markers = [marker(50, 4), marker(150, 3), marker(160, null), marker(300, 1)];
  expect(marksOf(markers, dives, 0).map(({ text }) => text)).toEqual(['150', '50']);
  expect(marksOf(markers, dives, 1).map(({ text }) => text)).toEqual(['300']);
});

test('the axes hold all bins and end at round numbers', () => {
  const axes = axesOf([castOf('down', 0, [0.4, 5, 9.8])]);
  expect(axes.depth).toEqual({ min: 0, max: 10 });
  expect(axes.light.min).toBeCloseTo(100);
  expect(axes.light.max).toBeCloseTo(1000);
  expect(axesOf([castOf('down', 0, [-0.3, 5])]).depth.min).toBeCloseTo(-1);
});

test('the first range reaches from 1 m to the deepest of the default ranges', () => {
  const casts = [castOf('down', 0, [0.4, 5, 9.8])];
  expect(firstRange(casts, axesOf(casts).depth)).toEqual({ from_m: 1, to_m: 9.8 });
});

test('Kd is told to two digits of its standard error', () => {
  const figures = { r2: 1, bins: 9, readings: 9, e0: 1, one_percent_depth_m: 1 };
  const words = (kd_per_m: number, kd_se_per_m: number) =>
    kdWords({ ...figures, kd_per_m, kd_se_per_m });
  expect(words(0.149912, 0.000812)).toBe('0.14991 ± 0.00081');
  expect(words(0.149912, 0.0123)).toBe('0.150 ± 0.012');
  expect(words(0.15, 0)).toBe('0.15000 ± 0.00000');
});

test('what was left out is told by reason, nothing is told of what was not', () => {
  const none = { without_depth: 0, not_moving: 0, not_above_dark: 0, damaged_lines: 0 };
  expect(leftOutWords(none)).toBe('');
  expect(leftOutWords({ ...none, without_depth: 12, damaged_lines: 1 })).toBe(
    '12 without a depth, 1 in lines that can not be read',
  );
});
