import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../shared/reading.ts';
import { rowPrefix } from '../../shared/row.ts';
import { ReadingRing } from './reading-ring.ts';

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
/** Any JSON number, from `-0` over `0.000066` to forty digits and exponents. */
const jsonNumber = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits(0, 20).map((text) => text.replace(/^0+/, '') || '0'),
    fc.oneof(
      fc.constant(''),
      digits(1, 20).map((text) => `.${text}`),
    ),
    fc.constantFrom('', '', '', 'e5', 'E-7', 'e+20'),
  )
  .map((parts) => parts.join(''));
const readingOf = fc.record<Reading>({
  wallMicros: fc.integer({ min: 0, max: 4e15 }),
  mono: fc.double({ min: 0, max: 1e9, noNaN: true }),
  sensorId: fc.string(),
  mode: fc.constantFrom('freerun', 'polled'),
  value: jsonNumber,
  temperature: fc.option(jsonNumber),
  voltage: fc.option(jsonNumber),
});

function reading(mono: number): Reading {
  return {
    wallMicros: 1_762_957_845_000_000 + mono * 1e6,
    mono,
    sensorId: 'QSR-2150',
    mode: 'freerun',
    value: '0.010046',
    temperature: '27.68',
    voltage: '7.494',
  };
}

function filled(capacity: number, seconds: number[]): ReadingRing {
  const ring = new ReadingRing(capacity);
  for (const mono of seconds) ring.push(reading(mono));
  return ring;
}

describe('ReadingRing', () => {
  it('gives the newest readings back as they came, to the last digit', () => {
    fc.assert(
      fc.property(
        fc.array(readingOf, { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        (readings, capacity) => {
          const ring = new ReadingRing(capacity);
          for (const each of readings) ring.push(each);
          expect([...ring]).toEqual(readings.slice(-capacity));
          expect(ring.newest()).toEqual(readings.at(-1) ?? null);
        },
      ),
    );
  });

  it('gives rows in the form that chunks and streams have', () => {
    const last = reading(2);
    expect([...filled(1, [1, 2]).rows()]).toEqual([`${rowPrefix(last)}}`]);
  });

  it('finds the first reading that is not older than a moment', () => {
    const ring = filled(4, [1, 2, 3, 4, 5, 6]);
    expect(ring.since(4)).toBe(1);
    expect(ring.since(4.5)).toBe(2);
    expect(ring.since(0)).toBe(0);
    expect(ring.since(7)).toBe(ring.size);
  });

  it('copies what it holds, and the copy stays as it is', () => {
    const ring = filled(3, [1, 2, 3, 4]);
    const copy = ring.copy(1);
    ring.push(reading(5));
    expect([...copy]).toEqual([reading(3), reading(4)]);
    expect([...ring.copy(ring.size)]).toEqual([]);
  });

  it('copies numbers that are kept as text', () => {
    const exact = { ...reading(1), value: '0.12345678901234567890', temperature: '-0.0' };
    const ring = filled(2, [0]);
    ring.push(exact);
    expect(ring.copy(1).newest()).toEqual(exact);
  });

  it('holds 300 s at 500 Hz in 6 MB', () => {
    const before = process.memoryUsage().arrayBuffers;
    const ring = new ReadingRing(150_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(6e6);
    expect(ring.size).toBe(0);
  });
});
