import { expect, test } from 'vitest';
import { type Look, RefusedError } from '../remote/recorder-client.ts';
import { ClockMeasure } from './clock-measure.ts';

/** A vehicle whose answers take so long, one after the other. */
function vehicle(roundTrips: (number | null)[], refuses = false) {
  const told: Look[] = [];
  const looked = { count: 0 };
  return {
    told,
    looked,
    lookAtClock: async () => {
      const round_trip_ms = roundTrips[looked.count++ % roundTrips.length] ?? null;
      return round_trip_ms === null
        ? null
        : { mono_s: looked.count, client_unix_ms: 0, round_trip_ms };
    },
    tellClock: async (look: Look) => {
      if (refuses) throw new RefusedError(401, 'It wants a token.');
      told.push(look);
    },
  };
}

test('of the looks of the last times the quickest is told, every 30 s', async () => {
  const one = vehicle([9, 3, 5, 8, 7, 7, 7, 7]);
  let now = 0;
  const measure = new ClockMeasure(one, () => now);
  await measure.measure();
  now = 29_000;
  await measure.measure();
  expect(one.told.map(({ round_trip_ms }) => round_trip_ms)).toEqual([3]);
  now = 31_000;
  await measure.measure();
  expect(one.told.map(({ mono_s }) => mono_s)).toEqual([2, 2]);
});

test('a link that is too slow tells nothing', async () => {
  const one = vehicle([300]);
  await new ClockMeasure(one).measure();
  expect(one.told).toEqual([]);
});

test('a vehicle that is too old, or refuses, is asked once', async () => {
  let now = 0;
  for (const one of [vehicle([null]), vehicle([5], true)]) {
    const measure = new ClockMeasure(one, () => now);
    await measure.measure();
    const { count } = one.looked;
    now += 1e6;
    await measure.measure();
    expect(one.looked.count).toBe(count);
  }
});
