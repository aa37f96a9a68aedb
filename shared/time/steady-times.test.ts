import fc from 'fast-check';
import { expect, test } from 'vitest';
import { steadyTimes } from './steady-times.ts';

const BURST_S = 0.016;

/** When readings of a pace leave the sensor, and when an adapter of 16 ms hands them over. */
function delivered(count: number, pace: number, phase: number, from = 0) {
  const sent = Array.from({ length: count }, (_, place) => from + place * pace);
  const came = sent.map((time, place) => {
    const burst = Math.ceil((time + phase) / BURST_S) * BURST_S - phase;
    return burst + place * 1e-9;
  });
  return { sent, came };
}

const p99 = (told: readonly number[], sent: readonly number[]) =>
  told
    .map((time, place) => Math.abs(time - (sent[place] ?? Number.NaN)))
    .sort((a, b) => a - b)
    .at(Math.floor(0.99 * told.length)) ?? Number.NaN;

test.each([
  ['15 a second', 0.066_16],
  ['125 a second', 0.008_27],
])('bursts of 16 ms leave readings %s within 2 ms', (_, pace) => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: BURST_S, noNaN: true }), (phase) => {
      const { sent, came } = delivered(3000, pace, phase);
      expect(p99(steadyTimes(came), sent)).toBeLessThan(0.002);
    }),
    { numRuns: 30 },
  );
});

test('what comes after a gap has a line of its own', () => {
  const before = delivered(600, 0.066_16, 0.003);
  const after = delivered(600, 0.066_16, 0.003, 60.5);
  const told = steadyTimes([...before.came, ...after.came]);
  expect(p99(told, [...before.sent, ...after.sent])).toBeLessThan(0.002);
});

test('a few readings, and those that keep no pace, stay as they were told', () => {
  const few = delivered(20, 0.066_16, 0.003).came;
  expect(steadyTimes(few)).toEqual(few);
  const uneven = Array.from({ length: 300 }, (_, place) => place + 0.3 * Math.sin(place / 9));
  expect(steadyTimes(uneven)).toEqual(uneven);
  expect(steadyTimes([])).toEqual([]);
});

test('whatever is told, every reading has a time, and they rise', () => {
  const step = fc.double({ min: 1e-5, max: 5, noNaN: true });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 700 }), (steps) => {
      let now = 0;
      const times = steadyTimes(steps.map((by) => (now += by)));
      expect(times).toHaveLength(steps.length);
      expect(times.every((time, place) => place === 0 || time > (times[place - 1] ?? 0))).toBe(
        true,
      );
    }),
  );
});
