import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { Trigger } from '../../shared/session.ts';
import { ByItself, type Rules, type Seen } from './by-itself.ts';
import { byItselfWords } from './by-itself-words.ts';

const ARMED: Rules = { record_by_itself: 'armed', record_below_m: 2, record_end_delay_s: 60 };
const DEEP: Rules = { ...ARMED, record_by_itself: 'depth' };

let state: ByItself;
let mono: number;
let recording: Trigger | null;
beforeEach(() => {
  [state, mono, recording] = [new ByItself(false), 0, null];
});

/** Looks once a second, and does what is decided. */
function pass(seconds: number, seen: Partial<Seen>): (string | null)[] {
  const told = Array.from({ length: seconds }, () => {
    mono += 1;
    const known = { armed: null, depthM: null, rules: ARMED };
    const todo = state.look({ ...known, ...seen, mono, recording });
    if (todo === 'begin') recording = 'armed';
    if (todo === 'end') recording = null;
    return todo;
  });
  return told.filter((todo) => todo !== null);
}

test('it records while the vehicle is armed, and for the delay after that', () => {
  expect(pass(9, { armed: false })).toEqual([]);
  expect(pass(9, { armed: true })).toEqual(['begin']);
  expect(pass(59, { armed: false })).toEqual([]);
  expect(pass(9, { armed: true })).toEqual([]);
  expect(pass(90, { armed: false })).toEqual(['end']);
});

test('it records below the depth that is set; hovering there changes nothing, nor does one depth that is off', () => {
  const at = (depthM: number | null) => ({ depthM, rules: DEEP });
  expect([...pass(5, at(1.9)), ...pass(1, at(500)), ...pass(5, at(1.9))]).toEqual([]);
  expect([...pass(5, at(2.1)), ...pass(300, at(1.6)), ...pass(300, at(null))]).toEqual(['begin']);
  expect(pass(90, at(1.4))).toEqual(['end']);
  expect(pass(300, at(1.9))).toEqual([]);
});

test('what a person stops begins again only after its reason was gone, what they start never ends', () => {
  pass(5, { armed: true });
  recording = null;
  state.stopped();
  expect([...pass(300, { armed: true }), ...pass(300, { armed: null })]).toEqual([]);
  state = new ByItself(state.isHeld);
  expect(pass(300, { armed: true })).toEqual([]);
  expect([...pass(2, { armed: false }), ...pass(5, { armed: true })]).toEqual(['begin']);
  recording = 'request';
  expect([...pass(300, { armed: false }), ...pass(300, { armed: true })]).toEqual([]);
});

test('it is off by default; what began stays when it is turned off', () => {
  const never: Rules = { ...ARMED, record_by_itself: 'never' };
  expect(pass(9, { armed: true, depthM: 9, rules: never })).toEqual([]);
  expect(pass(9, { armed: true })).toEqual(['begin']);
  expect(pass(300, { armed: false, rules: never })).toEqual([]);
});

test('where it can not begin it is tried again, less and less often', () => {
  let tries = 0;
  for (mono = 0; mono < 300; mono += 1) {
    const todo = state.look({ mono, rules: ARMED, armed: true, depthM: null, recording: null });
    if (todo === 'begin') tries += 1;
  }
  expect(tries).toBe(7);
});

test('whatever happens: a person’s session is not ended, none is begun while one is recorded or it is not wanted', () => {
  const seen = fc.record({
    armed: fc.option(fc.boolean()),
    depthM: fc.option(fc.double({ min: -1, max: 5, noNaN: true })),
    rules: fc.constantFrom(ARMED, DEEP, { ...ARMED, record_by_itself: 'never' as const }),
    recording: fc.option(fc.constantFrom<Trigger>('request', 'armed', 'depth')),
    stopped: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(seen), (looks) => {
      const any = new ByItself(false);
      looks.forEach(({ stopped, ...look }, at) => {
        const todo = any.look({ ...look, mono: at * 30 });
        if (todo === 'begin') expect([look.recording, any.isWanted]).toEqual([null, true]);
        if (todo === 'end') expect(['armed', 'depth']).toContain(look.recording);
        if (stopped) any.stopped();
      });
    }),
  );
});

test('the page is told what will happen', () => {
  const words = (problem: string | null = null, rules = ARMED) =>
    byItselfWords(state, { mono, rules, recording, problem });
  pass(2, {});
  expect(words()).toContain('not known');
  pass(2, { armed: false });
  expect(words()).toBe('Begins by itself when the vehicle is armed.');
  expect(words('No sensor.')).toBe('Can’t begin by itself: No sensor.');
  expect(words(null, { ...ARMED, record_by_itself: 'never' })).toBeNull();
  pass(5, { armed: true });
  expect(words()).toBe('Began by itself. Ends 60 s after the vehicle is disarmed.');
  pass(18, { armed: false });
  expect(words()).toBe('Ends by itself in 43 s.');
  recording = 'request';
  expect(words()).toBeNull();
  recording = null;
  pass(1, { armed: true });
  recording = null;
  state.stopped();
  expect(words()).toContain('Stopped by hand.');
});
