import { expect, test } from 'vitest';
import { Backoff } from './backoff.ts';

test('waits grow to a limit and start again after a success', () => {
  const backoff = new Backoff(300, 4000, () => 0.5);
  const waits = Array.from({ length: 8 }, () => Math.round(backoff.next()));
  expect(waits.slice(0, 3)).toEqual([300, 480, 768]);
  expect(waits.at(-1)).toBe(4000);
  backoff.reset();
  expect(Math.round(backoff.next())).toBe(300);
});
