import { once } from 'node:events';
import { type Duplex, PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openInTime } from './open-in-time.ts';

/** A driver that answers when it is told to. */
function driver() {
  let answer: (stream: Duplex) => void = () => undefined;
  const promise = new Promise<Duplex>((resolve) => {
    answer = resolve;
  });
  let calls = 0;
  const open = openInTime(() => {
    calls += 1;
    return promise;
  }, 20);
  return { open, answer: (stream: Duplex) => answer(stream), calls: () => calls };
}

test('a driver that does not answer is given up, and not asked a second time', async () => {
  const { open, calls } = driver();
  await expect(open('/dev/ttyUSB0', 9600)).rejects.toThrow('does not answer');
  await expect(open('/dev/ttyUSB0', 9600)).rejects.toThrow('still does not answer');
  expect(calls()).toBe(1);
});

test('a port that opens too late is closed, and can be opened again', async () => {
  const { open, answer, calls } = driver();
  await expect(open('/dev/ttyUSB0', 9600)).rejects.toThrow('does not answer');
  const late = new PassThrough();
  answer(late);
  await once(late, 'close');
  await open('/dev/ttyUSB0', 9600);
  expect(calls()).toBe(2);
});

test('a port that opens, or that fails at once, is what it is', async () => {
  const stream = new PassThrough();
  expect(await openInTime(async () => stream)('/dev/ttyUSB0', 9600)).toBe(stream);
  const failing = openInTime(async () => Promise.reject(new Error('ENOENT')));
  await expect(failing('/dev/ttyUSB0', 9600)).rejects.toThrow('ENOENT');
});
