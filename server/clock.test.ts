import { expect, test } from 'vitest';
import { SystemClock } from './clock.ts';

function handSetClock() {
  const at = { micros: 1_000_000_000_000_000, mono: 5 };
  const source = { wallMillis: () => Math.floor(at.micros / 1000), monoSeconds: () => at.mono };
  const clock = new SystemClock(source);
  const steps: number[] = [];
  clock.onStep((seconds) => steps.push(seconds));
  const pass = (micros: number) => {
    at.micros += micros;
    at.mono += micros / 1e6;
  };
  return { at, clock, steps, pass };
}

test('gives microseconds where the wall clock has only milliseconds', () => {
  const { clock, pass, at } = handSetClock();
  for (let i = 0; i < 1000; i++) {
    pass(137);
    clock.now();
  }
  pass(53);
  expect(Math.abs(clock.now().wallMicros - at.micros)).toBeLessThanOrEqual(30);
});

test('a clock that is slewed is followed and is no step', () => {
  const { clock, steps, pass, at } = handSetClock();
  for (let i = 0; i < 5000; i++) {
    pass(1000);
    at.micros += 0.5;
    clock.now();
  }
  expect(Math.abs(clock.now().wallMicros - at.micros)).toBeLessThanOrEqual(1000);
  expect(steps).toEqual([]);
});

test.each([0.5, -3600, 8 * 30 * 86_400])('a step of %d s is told with its size', (seconds) => {
  const { clock, steps, pass, at } = handSetClock();
  clock.now();
  pass(1000);
  const before = clock.now().mono;
  at.micros += seconds * 1e6;
  const after = clock.now();
  expect(steps).toHaveLength(1);
  expect(steps[0]).toBeCloseTo(seconds, 2);
  expect(after.mono).toBe(before);
  expect(Math.abs(after.wallMicros - at.micros)).toBeLessThanOrEqual(1000);
});

test('a process that is held up between its two clocks sees no step', () => {
  const at = { millis: 1e12, mono: 5, stall: 0 };
  const clock = new SystemClock({
    monoSeconds: () => at.mono,
    wallMillis: () => {
      at.mono += at.stall;
      at.millis += at.stall * 1000;
      at.stall = 0;
      return at.millis;
    },
  });
  const steps: number[] = [];
  clock.onStep((seconds) => steps.push(seconds));
  clock.now();
  at.stall = 0.15;
  const { wallMicros, mono } = clock.now();
  clock.now();
  expect(steps).toEqual([]);
  expect(wallMicros / 1e6 - mono).toBeCloseTo(1e9 - 5, 3);
});
