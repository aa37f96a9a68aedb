import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoMicros } from '../../shared/clock.ts';
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

test('a message is told once, and when it was sent to within two looks, whatever the clock', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const sighting = new Sighting();
      let [mono, wallMicros, counter] = [1000, START_MICROS, 1];
      let sent = { mono, stamp: isoMicros(wallMicros) };
      const look = () => sighting.look({ counter, last_update: sent.stamp }, { mono, wallMicros });
      expect(look()).toBeCloseTo(1000);
      for (const { passes, sends, isSet } of steps) {
        mono += passes / 2;
        wallMicros += (passes / 2) * 1e6;
        if (sends) {
          sent = { mono, stamp: isoMicros(wallMicros) };
          counter += 1;
        }
        mono += passes / 2;
        wallMicros += (passes / 2 + isSet) * 1e6;
        const sentAt = look();
        if (!sends) expect(sentAt).toBeNull();
        else expect(Math.abs((sentAt ?? 0) - sent.mono)).toBeLessThanOrEqual(APART_S + 1e-6);
      }
    }),
  );
});

test('a time that makes no sense is not believed at the first look, nor after a long pause', () => {
  const sighting = new Sighting();
  const look = (mono: number, counter: number, agoS: number) => {
    const wallMicros = START_MICROS + mono * 1e6;
    const last_update = isoMicros(wallMicros - agoS * 1e6);
    return sighting.look({ counter, last_update }, { mono, wallMicros });
  };
  expect(look(0, 1, -60)).toBeNull();
  expect(look(0.2, 2, -60)).toBe(0.2);
  expect(look(20, 3, 3600)).toBeNull();
  expect(look(40, 4, 2)).toBeCloseTo(38);
  expect(look(40.2, 4, 2.2)).toBeNull();
});
