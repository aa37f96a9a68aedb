import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tickLabel, timeStep, timeTicks } from './time-ticks.ts';

const NOON = new Date(2025, 10, 12, 12, 0, 0).getTime();

test('ticks are evenly spaced whole steps, and no more than asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 1e9 }),
      fc.integer({ min: 2, max: 20 }),
      (span, most) => {
        const step = timeStep(span, most);
        const ticks = timeTicks(NOON + 7, NOON + 7 + span, step);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        for (let i = 1; i < ticks.length; i += 1) {
          expect((ticks[i] ?? 0) - (ticks[i - 1] ?? 0)).toBe(step);
        }
      },
    ),
  );
});

test('labels are as precise as the step needs', () => {
  expect(tickLabel(NOON + 90_000, 30_000)).toBe('12:01:30');
  expect(tickLabel(NOON + 90_000, 300_000)).toBe('12:01');
  expect(tickLabel(NOON + 250, 50)).toBe('12:00:00.25');
  expect(tickLabel(NOON, 86_400_000)).toBe('2025-11-12');
});
