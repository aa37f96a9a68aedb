import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ending, textOf } from './answer.ts';

const MEGABYTE = Buffer.alloc(1e6, ' ');

/** What arrives of an answer; an endless one is never more than this long. */
const answerOf = (pieces: Iterable<Buffer>) =>
  Readable.from(pieces, { objectMode: false }) as unknown as IncomingMessage;

test('an answer that does not end is given up before it fills the memory', async () => {
  function* endless() {
    for (let count = 0; count < 200; count += 1) yield MEGABYTE;
  }
  await expect(textOf(answerOf(endless()))).rejects.toThrow('its answer does not end');
});

test.each([
  [1, false],
  [1200, true],
])(
  'of an answer that comes in pieces of %d bytes every 10 s the end is awaited: %s',
  async (size, isAwaited) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    function* slow() {
      for (let count = 0; count < 20; count += 1) {
        vi.advanceTimersByTime(10_000);
        yield Buffer.alloc(size);
      }
    }
    let bytes = 0;
    const all = (async () => {
      for await (const piece of ending(answerOf(slow()))) bytes += piece.length;
    })();
    if (isAwaited) await all;
    else await expect(all).rejects.toThrow(/only \d+ bytes in \d+ s/);
    expect(bytes === 20 * size).toBe(isAwaited);
  },
);
