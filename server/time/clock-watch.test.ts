import { expect, test } from 'vitest';
import type { Note } from '../../shared/events.ts';
import { HandClock } from '../../test/support/recorder-bench.ts';
import { ClockWatch } from './clock-watch.ts';

const EIGHT_MONTHS_S = 8 * 30 * 86_400;

function watched() {
  const clock = new HandClock();
  const watch = new ClockWatch(clock);
  const notes: Note[] = [];
  watch.listen({ event: (note) => notes.push(note), known: () => undefined });
  /** A client whose clock is right looks at the vehicle's, which is off by so much. */
  const look = (offS: number, client = 'topside') =>
    watch.compared({
      ...{ client, mono: clock.mono, uncertaintyS: 0.002 },
      utcMicros: clock.wallMicros - offS * 1e6,
    });
  return { clock, watch, notes, look };
}

test('a clock 8 months behind is told with who measured it, how far, and how surely', () => {
  const { watch, notes, look } = watched();
  look(-EIGHT_MONTHS_S);
  expect(notes).toMatchObject([
    { kind: 'clock_compared', compared_with: 'client', client: 'topside', uncertainty_s: 0.002 },
  ]);
  expect(watch.status().comparisons[0]?.offset_s).toBeCloseTo(EIGHT_MONTHS_S, 5);
  expect(watch.status().words).toContain('240 days behind topside');
});

test('what was measured before a step of the clock holds after it', () => {
  const { clock, watch, look } = watched();
  look(-EIGHT_MONTHS_S);
  clock.pass(10);
  clock.step(EIGHT_MONTHS_S);
  expect(watch.status().comparisons[0]?.offset_s).toBeCloseTo(0, 5);
  expect(watch.status().words).toContain('agrees with topside');
});

test('the same offset is no news; a drift of 50 ppm is, once it is larger than what is uncertain', () => {
  const { clock, notes, look } = watched();
  for (let passed = 0; passed < 300; passed += 10) {
    look(passed * 50e-6);
    clock.pass(10);
  }
  // More than 0.004 s each time: after 90 s, 180 s and 270 s.
  expect(notes).toHaveLength(4);
});

test('a session that begins is told what is known', () => {
  const { watch, notes, look } = watched();
  look(1);
  look(2, 'laptop');
  notes.length = 0;
  watch.sessionBegan();
  expect(notes.map((note) => 'client' in note && note.client)).toEqual(['topside', 'laptop']);
});
