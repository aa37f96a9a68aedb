import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('no piece waits without a limit', () => {
  expect(new TokenBucket(null).take(1e12)).toBe(0);
});

test('a second’s worth is free, then each byte takes its time', () => {
  const bucket = new TokenBucket(1000, () => 0);
  expect(bucket.take(1000)).toBe(0);
  expect(bucket.take(250)).toBe(250);
  expect(bucket.take(250)).toBe(500);
});

test('the rate holds over any run of pieces, whatever the pauses', () => {
  const steps = fc.array(fc.record({ bytes: fc.nat(50_000), pauseMs: fc.nat(3000) }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), steps, (rate, pieces) => {
      let now = 0;
      let bytes = 0;
      const bucket = new TokenBucket(rate, () => now);
      for (const piece of pieces) {
        now += piece.pauseMs + bucket.take(piece.bytes);
        bytes += piece.bytes;
        expect(bytes).toBeLessThanOrEqual(rate * (1 + (now + 1) / 1000));
      }
    }),
  );
});
