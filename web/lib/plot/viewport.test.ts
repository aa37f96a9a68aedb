import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOf, follow, pan, SHORTEST_SPAN_MS, withSpan, zoom } from './viewport.ts';

const LIMITS = { begin: 0, end: 1_000_000, longestMs: 3_600_000 };

test('panning back leaves the newest reading, panning past it follows again', () => {
  const back = pan({ spanMs: 10_000, end: null }, -5000, LIMITS);
  expect(back).toEqual({ spanMs: 10_000, end: 995_000 });
  expect(pan(back, 9000, LIMITS)).toEqual({ spanMs: 10_000, end: null });
  expect(follow(back).end).toBeNull();
});

test('zooming keeps the time under the pointer where it is', () => {
  const view = { spanMs: 100_000, end: 600_000 };
  const anchor = 540_000;
  const share = (anchor - (view.end - view.spanMs)) / view.spanMs;
  const zoomed = zoom(view, 0.5, anchor, LIMITS);
  expect((anchor - ((zoomed.end ?? 0) - zoomed.spanMs)) / zoomed.spanMs).toBeCloseTo(share);
});

test('zooming while following goes on following', () => {
  expect(zoom({ spanMs: 60_000, end: null }, 2, 0, LIMITS)).toEqual({ spanMs: 120_000, end: null });
});

test('no way of moving leaves the limits', () => {
  const span = fc.double({ min: SHORTEST_SPAN_MS, max: LIMITS.longestMs, noNaN: true });
  const end = fc.option(fc.double({ min: 0, max: LIMITS.end, noNaN: true }));
  const amount = fc.double({ min: -1e7, max: 1e7, noNaN: true });
  const factor = fc.double({ min: 0.001, max: 1000, noNaN: true });
  fc.assert(
    fc.property(span, end, amount, factor, (spanMs, at, ms, by) => {
      for (const view of [
        pan({ spanMs, end: at }, ms, LIMITS),
        zoom({ spanMs, end: at }, by, ms, LIMITS),
        withSpan({ spanMs, end: at }, spanMs * by, LIMITS),
      ]) {
        expect(endOf(view, LIMITS)).toBeLessThanOrEqual(LIMITS.end);
        expect(endOf(view, LIMITS)).toBeGreaterThanOrEqual(LIMITS.begin);
        expect(view.spanMs).toBeGreaterThanOrEqual(SHORTEST_SPAN_MS);
        expect(view.spanMs).toBeLessThanOrEqual(LIMITS.longestMs);
      }
    }),
  );
});
