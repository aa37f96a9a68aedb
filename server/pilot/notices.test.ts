import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { type PilotFacts, PilotNotices } from './notices.ts';

const WELL: PilotFacts = {
  ...{
    isRecording: true,
    hasFailed: false,
    cantBegin: false,
    diskLeftS: 7200,
    silentS: 0.1,
    withoutDepthS: 0.2,
  },
};

let notices: PilotNotices;
beforeEach(() => {
  notices = new PilotNotices();
});
const look = (facts: Partial<PilotFacts>) =>
  notices.look({ ...WELL, ...facts }).map(({ text }) => text);

test.each<[string, Partial<PilotFacts>, Partial<PilotFacts>]>([
  ['the recording has ended by itself', { isRecording: false, hasFailed: true }, {}],
  ['the recording can not begin', { isRecording: false, cantBegin: true }, {}],
  ['the disk is full in 10 minutes', { diskLeftS: 599 }, { diskLeftS: 901 }],
  ['the sensor is silent', { silentS: 10.1 }, { silentS: 1 }],
  ['recorded without depth', { withoutDepthS: 10.1 }, { withoutDepthS: 1 }],
])('%s: told once, and once when it is over', (words, bad, good) => {
  expect(look({})).toEqual([]);
  expect(look(bad)).toEqual([`Light: ${words}`]);
  expect(look(bad)).toEqual([]);
  expect(notices.standing).toBe(`Light: ${words}`);
  expect(look(good)).toEqual([expect.stringContaining('again')]);
  expect([look(good), notices.standing]).toEqual([[], null]);
});

test('a value at its limit is not told again and again', () => {
  expect(look({ diskLeftS: 599 })).toHaveLength(1);
  for (const diskLeftS of [601, 599, 899]) expect(look({ diskLeftS })).toEqual([]);
  notices = new PilotNotices();
  expect(look({ silentS: 11 })).toHaveLength(1);
  expect(look({ silentS: 9 })).toEqual([]);
});

test('what is not known, or not meant to be, is no trouble', () => {
  expect(look({ diskLeftS: null, silentS: null, withoutDepthS: null })).toEqual([]);
  expect(look({ silentS: 99 })).toHaveLength(1);
  expect(look({ isRecording: false, silentS: 99, withoutDepthS: 99, diskLeftS: 1 })).toEqual([]);
  expect(notices.standing).toBeNull();
});

test('whatever happens, bad and good alternate, and no text is longer than MAVLink has room for', () => {
  const seconds = fc.option(fc.double({ min: 0, max: 1200, noNaN: true }));
  const facts = fc.record({
    ...{ isRecording: fc.boolean(), hasFailed: fc.boolean(), cantBegin: fc.boolean() },
    ...{ diskLeftS: seconds, silentS: seconds, withoutDepthS: seconds },
  });
  fc.assert(
    fc.property(fc.array(facts), (looks) => {
      const all = new PilotNotices();
      const told = looks.flatMap((one) => all.look(one));
      for (const { text } of told) expect(text).toMatch(/^[ -~]{1,50}$/);
      const depth = told.filter(({ text }) => text.includes('depth') && text.includes('again'));
      const without = told.filter(({ text }) => text.includes('without depth'));
      expect(depth.length).toBeLessThanOrEqual(without.length);
    }),
  );
});
