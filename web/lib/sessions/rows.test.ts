import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowWindow } from './rows.ts';

test('what can be seen is there, the rest is space, and few rows are in the page', () => {
  const height = fc.integer({ min: 100, max: 2000 });
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(5_000_000), height, (count, scroll, view) => {
      const { first, end, before, after } = rowWindow(count, 40, scroll, view);
      expect(before + (end - first) * 40 + after).toBe(count * 40);
      expect(end - first).toBeLessThanOrEqual(view / 40 + 18);
      const seen = Math.min(scroll, Math.max(0, count * 40 - view));
      expect(before).toBeLessThanOrEqual(scroll);
      if (scroll === seen)
        expect(end * 40).toBeGreaterThanOrEqual(Math.min(count * 40, scroll + view));
    }),
  );
});
