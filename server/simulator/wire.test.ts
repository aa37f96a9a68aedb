import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Emission } from './processor.ts';
import { Wire } from './wire.ts';

const BYTE_SECONDS = 10 / 9600;

function emission(text: string, start = 0): Emission {
  return { text, start, end: start + text.length * BYTE_SECONDS, reading: true };
}

test('a byte is given when its last bit has left', () => {
  const wire = new Wire();
  wire.add([emission('abc')]);
  expect(wire.nextByteAt).toBeCloseTo(BYTE_SECONDS, 12);
  expect(wire.release(0.9 * BYTE_SECONDS).bytes.toString()).toBe('');
  expect(wire.release(2.5 * BYTE_SECONDS).bytes.toString()).toBe('ab');
  expect(wire.isUnderWay).toBe(true);
  const last = wire.release(3 * BYTE_SECONDS);
  expect(last.bytes.toString()).toBe('c');
  expect(last.completed).toHaveLength(1);
  expect(wire.nextByteAt).toBe(Number.POSITIVE_INFINITY);
});

test('however often one looks, the bytes are the same and in order', () => {
  const texts = fc.array(fc.string({ unit: 'binary-ascii', minLength: 1 }), { minLength: 1 });
  const steps = fc.array(fc.double({ min: 0, max: 0.02, noNaN: true }));
  fc.assert(
    fc.property(texts, steps, (all, waits) => {
      const wire = new Wire();
      let end = 0;
      for (const text of all) {
        const next = emission(text, end);
        wire.add([next]);
        end = next.end;
      }
      let now = 0;
      let got = '';
      let completed = 0;
      for (const wait of [...waits, end]) {
        now += wait;
        const released = wire.release(now);
        got += released.bytes.toString('latin1');
        completed += released.completed.length;
        expect(got.length).toBeLessThanOrEqual(now / BYTE_SECONDS + 0.01);
      }
      expect(got).toBe(all.join(''));
      expect(completed).toBe(all.length);
    }),
  );
});

test('what has not left when it is cleared never leaves', () => {
  const wire = new Wire();
  wire.add([emission('abcdef'), emission('ghi', 1)]);
  expect(wire.release(2 * BYTE_SECONDS).bytes.toString()).toBe('ab');
  wire.clear();
  expect(wire.release(5).bytes.toString()).toBe('');
});
