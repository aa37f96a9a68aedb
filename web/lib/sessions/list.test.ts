import { afterEach, expect, test, vi } from 'vitest';
import type { SessionSummary } from '../../../shared/session.ts';
import { matches, shownSessions } from './list.ts';

function session(mission: string | null, day: number, rows: number): SessionSummary {
  return {
    session_id: `00000000-0000-4000-8000-00000000000${day}`,
    state: 'complete',
    mission,
    start_time: `2025-11-1${day}T10:00:00.000000Z`,
    end_time: null,
    duration_s: rows,
    total_rows: rows,
    chunk_count: 1,
    size_bytes: rows,
    sensor_id: 'Q-12',
    failure: null,
  };
}

const ALL = [session('Kelp 2', 1, 30), session('Kelp 10', 2, 10), session(null, 3, 20)];

afterEach(() => {
  vi.unstubAllEnvs();
});

test('the day that is searched for is the one that is shown', () => {
  const late = { ...session('Kelp', 1, 1), start_time: '2025-11-11T23:30:00.000000Z' };
  vi.stubEnv('TZ', 'Pacific/Auckland');
  expect(matches(late, '2025-11-12')).toBe(true);
  expect(matches(late, '2025-11-11')).toBe(false);
});

test('every word of a search must be found', () => {
  expect(matches(session('Kelp bed', 1, 1), 'kelp 2025-11-11')).toBe(true);
  expect(matches(session('Kelp bed', 1, 1), 'kelp 2025-11-12')).toBe(false);
  expect(matches(session(null, 1, 1), '')).toBe(true);
});

test('what is damaged is found by that word', () => {
  const damage = [{ kind: 'chunk_missing', file: 'chunk_00001.jsonl', detail: 'It is gone.' }];
  expect(matches({ ...session('Kelp bed', 1, 1), damage }, 'damaged kelp')).toBe(true);
  expect(matches(session('Kelp bed', 1, 1), 'damaged')).toBe(false);
});

test('sessions sort by number, by name as people count, and by day', () => {
  const names = (key: 'mission' | 'total_rows' | 'start_time', descending: boolean) =>
    shownSessions(ALL, '', { key, descending }).map((one) => one.mission);
  expect(names('total_rows', true)).toEqual(['Kelp 2', null, 'Kelp 10']);
  expect(names('mission', false)).toEqual([null, 'Kelp 2', 'Kelp 10']);
  expect(names('start_time', true)).toEqual([null, 'Kelp 10', 'Kelp 2']);
});
