import { expect, test } from 'vitest';
import { isoMicros } from '../clock.ts';
import type { SessionEvent } from '../session.ts';
import { ReferenceClock } from './reference-clock.ts';

const UTC = 1_762_957_845e6;
const EIGHT_MONTHS_S = 8 * 30 * 86_400;

/** The vehicle's clock is off by so many seconds; the true time is UTC + elapsed, and a drift. */
function compared(elapsed_s: number, offS: number, client: string | null, drift = 0): SessionEvent {
  const timestamp = isoMicros(Math.round(UTC + (elapsed_s + offS) * 1e6));
  const offset_s = drift * elapsed_s - offS;
  const compared_with = client === null ? 'autopilot' : 'client';
  const uncertainty_s = client === null ? 0.1 : 0.002;
  const fields = { compared_with, client, offset_s, uncertainty_s };
  return { timestamp, elapsed_s, kind: 'clock_compared', detail: 'Compared.', ...fields };
}

const clockOf = (events: SessionEvent[]) =>
  new ReferenceClock(events, ({ elapsed_s }) => elapsed_s);
const errorS = (clock: ReferenceClock, elapsed: number, drift = 0) =>
  Math.abs((clock.at(elapsed)?.micros ?? Number.NaN) - UTC - elapsed * (1 + drift) * 1e6) / 1e6;

test('a clock 8 months off is put right, also for rows from before it was compared', () => {
  const clock = clockOf([compared(600, -EIGHT_MONTHS_S, 'topside')]);
  for (const elapsed of [0, 600, 3600]) expect(errorS(clock, elapsed)).toBeLessThan(1e-3);
  expect(clock.at(600)?.uncertaintyS).toBeCloseTo(0.018, 6);
  expect(clock.at(0)?.uncertaintyS).toBeCloseTo(0.018 + 600 * 50e-6, 6);
});

test('a step in mid-dive changes nothing: rows before and after it have one time', () => {
  const clock = clockOf([compared(10, -EIGHT_MONTHS_S, 'topside'), compared(900, 0, 'topside')]);
  for (const elapsed of [0, 500, 899, 901, 2000]) {
    expect(errorS(clock, elapsed)).toBeLessThan(1e-3);
  }
});

test('a drift of 50 ppm is followed between comparisons, and is in the uncertainty after them', () => {
  const drift = 50e-6;
  const every = [0, 600, 1200, 1800].map((at) => compared(at, 3, 'topside', drift));
  const clock = clockOf(every);
  for (const elapsed of [0, 300, 777, 1500]) {
    expect(errorS(clock, elapsed, drift)).toBeLessThan(1e-3);
  }
  for (const elapsed of [2400, 5400]) {
    expect(errorS(clock, elapsed, drift)).toBeLessThan(clock.at(elapsed)?.uncertaintyS ?? 0);
  }
});

test('GPS time goes before the clock of a computer, and one that is surely known before others', () => {
  const wrong = compared(0, 5, 'laptop');
  expect(errorS(clockOf([wrong, compared(5, 0, null)]), 1)).toBeLessThan(1e-3);
  expect(clockOf([]).isKnown).toBe(false);
  expect(clockOf([]).at(1)).toBeNull();
});

test('after a reboot that left elapsed_s to a guess, comparisons from before it do not hold', () => {
  const resumed = {
    ...{ timestamp: isoMicros(UTC + 100e6), elapsed_s: 100, kind: 'recording_resumed' },
    ...{ detail: 'It went on.', gap_s: null, next_seq: 9, elapsed_basis: 'last_row' },
  };
  const clock = clockOf([compared(10, 0, 'topside'), resumed as SessionEvent]);
  expect(clock.at(99)).not.toBeNull();
  expect(clock.at(101)).toBeNull();
});
