import { expect, test } from 'vitest';
import type { Preview } from '../../../shared/api/sessions.ts';
import { sparkline } from './sparkline.ts';

function preview(
  elapsed: number[],
  values: number[],
  gap: readonly [from: number, to: number] | null = null,
): Preview {
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
    period_s: 1,
    gap_from_s: gap ? [gap[0]] : [],
    gap_to_s: gap ? [gap[1]] : [],
  };
}

test('a hole in the session is a hole in its small plot', () => {
  const bins = [0, 1, 5, 6];
  expect(sparkline(preview(bins, [1, 2, 3, 4], [1.2, 5.1]), 100, 20).match(/M/g)).toHaveLength(2);
  // Without a gap the bins are only finer than the readings.
  expect(sparkline(preview(bins, [1, 2, 3, 4]), 100, 20).match(/M/g)).toHaveLength(1);
});

test('a dive through decades of light uses the whole height', () => {
  const path = sparkline(preview([0, 1, 2], [1000, 10, 0.1]), 100, 20);
  const heights = [...path.matchAll(/,([\d.]+)/g)].map((match) => Number(match[1]));
  expect(heights.slice(0, 3)).toEqual([1, 10, 19]);
});

test('a session without readings has an empty plot', () => {
  expect(sparkline(preview([], []), 100, 20)).toBe('');
});
