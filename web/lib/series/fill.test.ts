import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Gap, GapFinder } from '../../../shared/series/gaps.ts';
import { Columns } from './columns.ts';
import { fillColumns, type Series } from './fill.ts';
import { type History, NO_HISTORY } from './history.ts';
import { ReadingRing } from './ring.ts';
import { runsOf } from './runs.ts';

function seriesOf(
  readings: readonly [time: number, value: number][],
  history = NO_HISTORY,
): Series {
  const ring = new ReadingRing();
  const finder = new GapFinder();
  for (const [time, value] of readings) {
    ring.append(time, value);
    finder.push(time);
  }
  return { ring, gaps: finder.gaps, history };
}

function historyOf(
  binMs: number,
  times: readonly number[],
  value: number,
  gaps: readonly Gap[] = [],
): History {
  const values = Float32Array.from(times, () => value);
  const seen = { times: Float64Array.from(times), lo: values, hi: values, mean: values };
  return { binMs, seamMs: 3 * binMs, gaps, ...seen };
}

function shown(columns: Columns): number[] {
  return Array.from({ length: columns.size }, (_, i) => i).filter((i) => columns.count[i] !== 0);
}

const every = (ms: number, count: number, from = 0): [number, number][] =>
  Array.from({ length: count }, (_, i) => [from + i * ms, i]);

test('no peak is lost, however many readings fall into a column', () => {
  const reading = fc.tuple(fc.integer({ min: 0, max: 10_000 }), fc.float({ noNaN: true }));
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1 }), fc.integer({ min: 1, max: 50 }), (all, n) => {
      const sorted = all.sort(([a], [b]) => a - b);
      const columns = new Columns();
      fillColumns(columns, { from: 0, to: 10_000, columns: n }, seriesOf(sorted));
      const full = shown(columns);
      const values = sorted.map(([, value]) => Math.fround(value));
      expect(Math.max(...full.map((i) => columns.hi[i] as number))).toBe(Math.max(...values));
      expect(Math.min(...full.map((i) => columns.lo[i] as number))).toBe(Math.min(...values));
      expect(full.reduce((sum, i) => sum + (columns.count[i] as number), 0)).toBe(all.length);
    }),
  );
});

test('a column keeps its readings while the picture scrolls', () => {
  const series = seriesOf(every(7, 2000));
  const before = new Columns();
  const after = new Columns();
  fillColumns(before, { from: 1000, to: 11_000, columns: 100 }, series);
  fillColumns(after, { from: 1537, to: 11_537, columns: 100 }, series);
  const column = before.at(6000);
  const same = after.at(6000);
  expect(before.lo[column]).toBe(after.lo[same]);
  expect(before.count[column]).toBe(after.count[same]);
  expect(before.first + column).toBe(after.first + same);
});

test('the line is broken at a hole and only there', () => {
  const series = seriesOf([...every(100, 50), ...every(100, 50, 20_000)]);
  const columns = new Columns();
  fillColumns(columns, { from: 0, to: 25_000, columns: 250 }, series);
  const runs = runsOf(columns, series.gaps);
  expect(runs).toHaveLength(2);
  expect(columns.end[runs[0]?.at(-1) ?? 0]).toBe(4900);
  expect(columns.begin[runs[1]?.[0] ?? 0]).toBe(20_000);
});

test('history fills what came before the readings, and joins them', () => {
  const times = Array.from({ length: 20 }, (_, i) => i * 1000);
  const series = seriesOf(every(100, 100, 20_000), historyOf(1000, times, 5));
  const columns = new Columns();
  fillColumns(columns, { from: 0, to: 30_000, columns: 300 }, series);
  expect(columns.hi[columns.at(10_500)]).toBe(5);
  expect(runsOf(columns, series.gaps)).toHaveLength(1);
});

test('history fills a hole in the readings but not their own time', () => {
  const times = Array.from({ length: 30 }, (_, i) => i * 1000);
  const readings = [...every(100, 50), ...every(100, 50, 20_000)];
  const series = seriesOf(readings, historyOf(1000, times, 777));
  const columns = new Columns();
  fillColumns(columns, { from: 0, to: 25_000, columns: 250 }, series);
  expect(columns.hi[columns.at(12_500)]).toBe(777);
  expect(columns.hi[columns.at(2500)]).toBeLessThan(100);
  expect(columns.hi[columns.at(22_500)]).toBeLessThan(100);
});

test('bins that are missing in the history are a hole where the vehicle says so, and only there', () => {
  const times = [0, 1000, 2000, 7000, 8000, 10_000];
  const series = seriesOf([], historyOf(1000, times, 1, [{ from: 2400, to: 7100 }]));
  const columns = new Columns();
  fillColumns(columns, { from: 0, to: 12_000, columns: 24 }, series);
  const runs = runsOf(columns, series.gaps);
  expect(runs).toHaveLength(2);
  expect(columns.begin[runs[1]?.[0] ?? 0]).toBe(7000);
});
