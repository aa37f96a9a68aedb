import { expect, test } from 'vitest';
import type { Preview } from '../../../shared/api/sessions.ts';
import { sparkline } from './sparkline.ts';

function preview(elapsed: number[], values: number[]): Preview {
  return {
    session_id: '',
    total_rows: 1,
    damaged_lines: 0,
    bin_s: 1,
    elapsed_s: elapsed,
    timestamp: elapsed.map(() => ''),
    min: values,
    max: values,
    mean: values,
    count: values.map(() => 1),
  };
}

test('a hole in the session is a hole in its small plot', () => {
  const path = sparkline(preview([0, 1, 5, 6], [1, 2, 3, 4]), 100, 20);
  expect(path.match(/M/g)).toHaveLength(2);
});

test('a dive through decades of light uses the whole height', () => {
  const path = sparkline(preview([0, 1, 2], [1000, 10, 0.1]), 100, 20);
  const heights = [...path.matchAll(/,([\d.]+)/g)].map((match) => Number(match[1]));
  expect(heights.slice(0, 3)).toEqual([1, 10, 19]);
});

test('a session without readings has an empty plot', () => {
  expect(sparkline(preview([], []), 100, 20)).toBe('');
});
