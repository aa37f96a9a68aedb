import { expect, test, vi } from 'vitest';
import { clockTime, dateTime, elapsed, preciseTime, span, timeLeft, utc, zone } from './time.ts';

const TIME = new Date(2025, 10, 2, 4, 5, 9, 7).getTime();

test('times are those of the viewer, UTC on request', () => {
  expect(clockTime(TIME)).toBe('04:05:09');
  expect(preciseTime(TIME)).toBe('04:05:09.007');
  expect(dateTime(TIME)).toBe('2025-11-02 04:05:09');
  expect(utc(Date.UTC(2025, 10, 12, 14, 30, 45))).toBe('2025-11-12 14:30:45 UTC');
});

test.each([
  [0.066, '66 ms'],
  [3.24, '3.2 s'],
  [75, '75 s'],
  [600, '10 min'],
  [9000, '2.5 h'],
  [1_000_000, '12 days'],
])('%f s is said as %s', (seconds, text) => {
  expect(span(seconds)).toBe(text);
});

test('elapsed time counts up without changing its form', () => {
  expect([0, 309.9, 93_600].map(elapsed)).toEqual(['0:00:00', '0:05:09', '26:00:00']);
});

test('what is left is never said to be more than it is', () => {
  expect([119, 7199, 7200, 34_333_000].map(timeLeft)).toEqual([
    '1 min',
    '119 min',
    '2 h',
    '9\u202f536 h',
  ]);
});

test.each([
  ['UTC', 'UTC'],
  ['Europe/Berlin', 'UTC+1'],
  ['America/St_Johns', 'UTC-3:30'],
  ['Asia/Kolkata', 'UTC+5:30'],
])('the zone of %s in winter is said as %s', (name, text) => {
  vi.stubEnv('TZ', name);
  expect(zone(Date.parse('2025-01-12T12:00:00Z'))).toBe(text);
  vi.unstubAllEnvs();
});
