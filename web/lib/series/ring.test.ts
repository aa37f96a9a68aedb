import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Extent, ReadingRing } from './ring.ts';

const LARGEST = 2 ** 13;

function filled(count: number, valueAt: (i: number) => number = (i) => Math.sin(i)): ReadingRing {
  const ring = new ReadingRing(LARGEST);
  for (let i = 0; i < count; i += 1) ring.append(i * 10, valueAt(i));
  return ring;
}

function extentOf(ring: ReadingRing, from: number, to: number): Extent {
  const extent = { lo: Number.POSITIVE_INFINITY, hi: Number.NEGATIVE_INFINITY, sum: 0 };
  ring.extent(from, to, extent);
  return extent;
}

test('minimum, maximum and sum of any range are those of its readings', () => {
  const ring = filled(20_000);
  const place = fc.integer({ min: ring.start, max: ring.end });
  fc.assert(
    fc.property(place, place, (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const extent = extentOf(ring, from, to);
      const values = Array.from({ length: to - from }, (_, i) => ring.value(from + i));
      expect(extent.lo).toBe(Math.min(...values));
      expect(extent.hi).toBe(Math.max(...values));
      expect(extent.sum).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0),
        3,
      );
    }),
  );
});

test('the newest readings stay, with their times, when the ring is full', () => {
  const ring = filled(50_000);
  expect(ring.end).toBe(50_000);
  expect(ring.end - ring.start).toBeLessThanOrEqual(LARGEST);
  expect(ring.end - ring.start).toBeGreaterThan(LARGEST - 65);
  expect(ring.time(ring.start)).toBe(ring.start * 10);
  expect(ring.time(ring.end - 1)).toBe(499_990);
});

test('readings survive the ring growing', () => {
  const ring = new ReadingRing(2 ** 16);
  for (let i = 0; i < 40_000; i += 1) ring.append(i, i);
  expect(ring.start).toBe(0);
  expect(ring.value(12_345)).toBe(12_345);
  expect(extentOf(ring, 0, 40_000)).toMatchObject({ lo: 0, hi: 39_999 });
});

test('lowerBound finds the first reading at a time or later', () => {
  const ring = filled(20_000);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 210_000 }), (time) => {
      const found = ring.lowerBound(time);
      if (found > ring.start) expect(ring.time(found - 1)).toBeLessThan(time);
      if (found < ring.end) expect(ring.time(found)).toBeGreaterThanOrEqual(time);
    }),
  );
});

test('a shift moves every reading in time', () => {
  const ring = filled(100);
  ring.shift(-250);
  expect(ring.time(0)).toBe(-250);
  expect(ring.time(99)).toBe(740);
});
