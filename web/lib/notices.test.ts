import { expect, test } from 'vitest';
import { noticesFor, type Situation } from './notices.ts';

const GOOD: Situation = {
  lostSince: null,
  health: { problem: null, state: 'ACQ_FREERUN', connected: true },
  record: {
    is_recording: true,
    is_sealing: false,
    disk_wait_s: 0.4,
    session_id: 'a',
    failure: null,
    resumed_at: null,
    disk_left_s: 1e6,
    disk_free_bytes: 2e10,
  },
  clockDifferenceS: 0.3,
};
const record = (change: Partial<NonNullable<Situation['record']>>): Situation => ({
  ...GOOD,
  record: GOOD.record && { ...GOOD.record, ...change },
});
const titles = (situation: Situation): string[] =>
  noticesFor(situation).map((notice) => notice.title);

test('nothing is said while all is well', () => {
  expect(noticesFor(GOOD)).toEqual([]);
});

test('a lost contact hides what can no longer be known', () => {
  const problem = { kind: 'silent', detail: 'Silent.', action: 'Look.' };
  const health = { problem, state: 'ACQ_FREERUN' as const, connected: true };
  expect(titles({ ...GOOD, health, lostSince: 0 })).toHaveLength(1);
});

test("a sensor's problem is told in the server's words, with what becomes of the recording", () => {
  const problem = {
    kind: 'disconnected',
    detail: 'The port went away.',
    action: 'Check the cable.',
  };
  const [notice] = noticesFor({
    ...GOOD,
    health: { problem, state: 'DISCONNECTED', connected: false },
  });
  expect(notice?.detail).toContain('The port went away. Check the cable.');
  expect(notice?.detail).toContain('The recording stays open');
});

test('a recording that failed says why, until a new one runs', () => {
  const failed = { is_recording: false, failure: 'The disk is full.' };
  expect(noticesFor(record(failed))[0]?.detail).toContain('The disk is full.');
  expect(noticesFor(record({ ...failed, is_recording: true }))).toEqual([]);
});

test('a recording that went on after a restart is told once for each restart', () => {
  const [first] = noticesFor(record({ resumed_at: '2025-11-12T14:30:45Z' }));
  const [second] = noticesFor(record({ resumed_at: '2025-11-12T15:30:45Z' }));
  expect(first?.dismissible).toBe(true);
  expect(first?.id).not.toBe(second?.id);
});

test('little disk is told by time at this rate, or by bytes', () => {
  expect(titles(record({ disk_left_s: 1800 }))[0]).toContain('30 min');
  expect(titles(record({ disk_left_s: null, disk_free_bytes: 3e8 }))[0]).toContain('300 MB');
});

test('clocks that differ by more than two seconds are told with the direction', () => {
  expect(titles({ ...GOOD, clockDifferenceS: -5.2 })[0]).toContain('5.2 s behind');
  expect(titles({ ...GOOD, clockDifferenceS: 2 })).toEqual([]);
});

test.each([
  ['PAUSED', 'Resume'],
  ['CONFIG_MENU', 'Start'],
  ['DISCONNECTED', 'Record'],
] as const)('without readings in state %s the way out of it is told', (state, button) => {
  const health = { problem: null, state, connected: state !== 'DISCONNECTED' };
  expect(noticesFor({ ...GOOD, health })[0]?.detail).toContain(button);
});

test('a disk that does not answer is told of, and whether rows are not safe yet', () => {
  expect(noticesFor(record({ disk_wait_s: 2 }))).toEqual([]);
  const [going] = noticesFor(record({ disk_wait_s: 30 }));
  expect(going).toMatchObject({ tone: 'danger', title: 'The disk has not answered for 30 s' });
  const stopped = { is_recording: false, is_sealing: true, disk_wait_s: 30 };
  expect(noticesFor(record(stopped))[0]?.detail).toContain('not safe yet');
});
