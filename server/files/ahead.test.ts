import { expect, test } from 'vitest';
import { ahead } from './ahead.ts';

/** Sources of three pieces each, and how many of them are open. */
function sources(count: number, broken = -1) {
  const open = { now: 0, most: 0, begun: 0 };
  const source = async function* (number: number) {
    open.begun += 1;
    open.now += 1;
    open.most = Math.max(open.most, open.now);
    try {
      for (const piece of [0, 1, 2]) {
        if (number === broken && piece === 1) throw new Error('broken');
        yield number * 3 + piece;
      }
    } finally {
      open.now -= 1;
    }
  };
  const all = function* () {
    for (let number = 0; number < count; number += 1) yield source(number);
  };
  return { open, all: all() };
}

async function taken(pieces: AsyncIterable<number>, most = Number.POSITIVE_INFINITY) {
  const got: number[] = [];
  for await (const piece of pieces) if (got.push(piece) >= most) break;
  return got;
}

test('gives all in order, with only a few sources open however many there are', async () => {
  const { open, all } = sources(1000);
  expect(await taken(ahead(all))).toEqual(Array.from({ length: 3000 }, (_, at) => at));
  expect(open).toMatchObject({ now: 0, most: 4, begun: 1000 });
});

test('closes what it has begun when its taker leaves, and when a source breaks', async () => {
  const left = sources(1000);
  expect(await taken(ahead(left.all), 4)).toEqual([0, 1, 2, 3]);
  expect(left.open.now).toBe(0);
  const { open, all } = sources(1000, 1);
  await expect(taken(ahead(all))).rejects.toThrow('broken');
  expect(open).toMatchObject({ now: 0, begun: 5 });
});
