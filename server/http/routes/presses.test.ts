import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Presses, SAME_PRESS_MS } from './presses.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Counts how often a button did something; each time takes as long as is said. */
function button(durationMs = 0) {
  const presses = new Presses();
  let done = 0;
  const act = async () => {
    const number = ++done;
    if (durationMs > 0) await new Promise((resolve) => setTimeout(resolve, durationMs));
    return number;
  };
  return { press: (what = '') => presses.press(what, act), done: () => done };
}

test('a button that is held counts once, however long it sends', async () => {
  const { press, done } = button();
  const answers = [];
  for (let sent = 0; sent < 40; sent += 1) {
    answers.push(press());
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(new Set(await Promise.all(answers))).toEqual(new Set([1]));
  await vi.advanceTimersByTimeAsync(SAME_PRESS_MS);
  expect([await press(), done()]).toEqual([2, 2]);
});

test('a press while one is being carried out is that one, also after seconds', async () => {
  const { press } = button(8000);
  const first = press();
  await vi.advanceTimersByTimeAsync(7000);
  const impatient = press();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await Promise.all([first, impatient])).toEqual([1, 1]);
  const next = press();
  await vi.advanceTimersByTimeAsync(8000);
  expect(await next).toBe(2);
});

test('presses that mean different things all count, and end what was before', async () => {
  const { press } = button();
  expect(await Promise.all([press('kelp'), press('sand'), press('kelp')])).toEqual([1, 2, 1]);
  expect([await press('sand'), await press('kelp'), await press('sand')]).toEqual([2, 3, 4]);
});

test('an error is the answer to all presses until then, and the next press tries again', async () => {
  const presses = new Presses();
  const fails = () => Promise.reject(new Error('no sensor'));
  const attempts = vi.fn(fails);
  const answers = [presses.press('start', attempts), presses.press('start', attempts)];
  for (const answer of answers) await expect(answer).rejects.toThrow('no sensor');
  expect(attempts).toHaveBeenCalledTimes(1);
  expect(await presses.press('start', () => 'started')).toBe('started');
  expect(await presses.press('start', attempts)).toBe('started');
});
