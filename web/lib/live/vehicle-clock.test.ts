import { expect, test } from 'vitest';
import { VehicleClock } from './vehicle-clock.ts';

test('the reading that travelled fastest tells the time', () => {
  const clock = new VehicleClock();
  expect(clock.now(0)).toBeNull();
  clock.observe(100_000, 1000);
  clock.observe(100_900, 1500);
  clock.observe(101_000, 2000);
  expect(clock.now(3000)).toBeCloseTo(102_400, -1);
});

test('readings that arrive late are no step of the clock', () => {
  const clock = new VehicleClock();
  clock.observe(100_000, 1000);
  expect(clock.stepAt(100_100, 11_000)).toBe(0);
});

test('a silence is no step of the clock', () => {
  const clock = new VehicleClock();
  clock.observe(100_000, 1000);
  expect(clock.stepAt(160_000, 61_000)).toBe(0);
});

test('a clock that is set is noticed in both directions, with the size of the step', () => {
  const clock = new VehicleClock();
  clock.observe(100_000, 1000);
  expect(clock.stepAt(80_100, 1100)).toBe(-20_000);
  expect(clock.stepAt(5_000_000_100, 1100)).toBe(4_999_900_000);
  clock.shift(-20_000);
  expect(clock.now(1100)).toBe(80_100);
});

test('a reading that follows on a late one after a silence is no step of the clock', () => {
  const clock = new VehicleClock();
  clock.observe(100_000, 1000);
  clock.observe(100_100, 6100);
  expect(clock.stepAt(110_000, 11_000)).toBe(0);
});

test('an old reading that was asked for tells no time, and the next one is no step', () => {
  const clock = new VehicleClock();
  clock.heardOf(100_000, 11_000);
  expect(clock.stepAt(111_000, 11_100)).toBe(0);
  clock.observe(111_000, 11_100);
  expect(clock.now(11_100)).toBe(111_000);
});
