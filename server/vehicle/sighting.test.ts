import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoMicros } from '../../shared/clock.ts';
import { STALE_S } from '../../shared/vehicle.ts';
import { Sighting } from './sighting.ts';

const START_MICROS = 1_762_957_845e6;
/** Looks in this test are at most so far apart. */
const APART_S = 1;

const step = fc.record({
  passes: fc.double({ min: 0.01, max: APART_S, noNaN: true }),
  sends: fc.boolean(),
  /** The vehicle's wall clock is set by so many seconds. */
  isSet: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -1e7, max: 1e7 })),
});

test('no value is older than it says by more than the time between two looks, whatever the clock', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const sighting = new Sighting<number>();
      let [mono, wallMicros, counter] = [1000, START_MICROS, 1];
      let sent = { mono, stamp: isoMicros(wallMicros) };
      const now = () => ({ mono, wallMicros });
      const look = () => sighting.look(counter, { counter, last_update: sent.stamp }, now());
      look();
      for (const { passes, sends, isSet } of steps) {
        mono += passes / 2;
        wallMicros += (passes / 2) * 1e6;
        if (sends) {
          sent = { mono, stamp: isoMicros(wallMicros) };
          counter += 1;
        }
        mono += passes / 2;
        wallMicros += (passes / 2 + isSet) * 1e6;
        look();
        const { value, age } = sighting.at(mono);
        const trueAge = mono - sent.mono;
        expect(age).toBeGreaterThanOrEqual(trueAge - APART_S - 1e-6);
        expect(age).toBeLessThanOrEqual(trueAge + APART_S + 1e-6);
        if (value !== null) expect(trueAge).toBeLessThanOrEqual(STALE_S + APART_S);
        else expect(trueAge).toBeGreaterThan(STALE_S - APART_S);
      }
    }),
  );
});

test('a time that makes no sense is not believed at the first look, nor after a long pause', () => {
  const sighting = new Sighting<string>();
  const look = (mono: number, counter: number, agoS: number) => {
    const wallMicros = START_MICROS + mono * 1e6;
    const last_update = isoMicros(wallMicros - agoS * 1e6);
    sighting.look('x', { counter, last_update }, { mono, wallMicros });
    return sighting.at(mono);
  };
  expect(look(0, 1, -60)).toEqual({ value: null, age: null });
  expect(look(0.2, 2, -60)).toEqual({ value: 'x', age: 0 });
  expect(look(20, 3, 3600)).toEqual({ value: null, age: null });
  expect(look(40, 4, 2).value).toBe('x');
  expect(look(40.2, 4, 2.2).age).toBeCloseTo(2.2);
});

test('a value that is not replaced is null after 5 s, and its age goes on', () => {
  const sighting = new Sighting<string>();
  const time = { counter: 1, last_update: isoMicros(START_MICROS) };
  sighting.look('x', time, { mono: 0, wallMicros: START_MICROS });
  expect(sighting.at(STALE_S)).toEqual({ value: 'x', age: STALE_S });
  expect(sighting.at(STALE_S + 0.01)).toEqual({ value: null, age: STALE_S + 0.01 });
});
