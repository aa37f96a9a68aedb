import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineTimes, type Read } from './line-times.ts';

const BAUD = 115_200;
const LINE = 24;
const BYTE_S = 10 / BAUD;

const at = (mono: number) => ({ mono, wallMicros: Math.round(mono * 1e6) });
const read = (mono: number, lines: number, more: Partial<Read> = {}): Read => ({
  at: at(mono),
  behind: Array.from({ length: lines }, (_, place) => (lines - 1 - place) * LINE),
  ...{ paceS: null, heldUpS: 0 },
  ...more,
});
const monos = (times: LineTimes, one: Read) => times.ends(one).map(({ mono }) => mono);

test('a line of a burst ended as long before the burst as the bytes after it need', () => {
  const times = new LineTimes(BAUD);
  const ends = monos(times, read(10, 3));
  expect(ends.map((mono) => Math.round((10 - mono) / BYTE_S))).toEqual([2 * LINE, LINE, 0]);
  expect(times.ends({ ...read(11, 1), behind: [9600] })[0]?.mono).toBeCloseTo(
    11 - 9600 * BYTE_S,
    9,
  );
});

test('lines of a pace are as far from each other in a burst as they were sent', () => {
  const times = new LineTimes(BAUD);
  const paceS = 0.008;
  times.ends(read(10, 1, { paceS }));
  const ends = monos(times, read(10.016, 2, { paceS }));
  expect(ends[0]).toBeCloseTo(10.008, 6);
  expect(ends[1]).toBeCloseTo(10.016, 6);
});

test('what waited for a process that was held up has the times at which it came', () => {
  const times = new LineTimes(BAUD);
  const paceS = 1 / 15;
  times.ends(read(10, 1, { paceS }));
  const ends = monos(times, read(14, 60, { paceS, heldUpS: 3.9 }));
  for (const [place, mono] of ends.entries()) expect(mono).toBeCloseTo(10 + (place + 1) * paceS, 3);
  // The system's buffer was full long before the process went on: what came later is lost.
  const full = monos(times, read(114, 170, { paceS, heldUpS: 99 }));
  expect(full[0]).toBeCloseTo(14 + paceS, 2);
  expect(full.at(-1)).toBeCloseTo(14 + 170 * paceS, 1);
});

test('after a pause of the sensor a burst is as old as its own lines', () => {
  const times = new LineTimes(BAUD);
  const paceS = 0.008;
  times.ends(read(10, 1, { paceS }));
  const ends = monos(times, read(15, 2, { paceS }));
  expect(ends[0]).toBeCloseTo(14.992, 6);
  expect(ends[1]).toBeCloseTo(15, 6);
});

test('no line ends before the one before it, nor after its bytes were there, whatever comes', () => {
  const burst = fc.record({
    passes: fc.double({ min: 0, max: 20, noNaN: true }),
    lines: fc.integer({ min: 1, max: 200 }),
    paceS: fc.option(fc.double({ min: 1e-4, max: 5, noNaN: true })),
    heldUpS: fc.constantFrom(0, 0.5, 10),
  });
  fc.assert(
    fc.property(fc.array(burst, { minLength: 1 }), (bursts) => {
      const times = new LineTimes(BAUD);
      let now = 100;
      let before = Number.NEGATIVE_INFINITY;
      for (const { passes, lines, ...more } of bursts) {
        // Bytes can't come faster than the line carries them.
        now += passes + lines * LINE * BYTE_S;
        for (const { mono } of times.ends(read(now, lines, more))) {
          expect(mono).toBeGreaterThan(before);
          expect(mono).toBeLessThanOrEqual(now + 1e-3);
          before = mono;
        }
      }
    }),
  );
});
