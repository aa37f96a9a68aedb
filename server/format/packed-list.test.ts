import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PackedList } from './packed-list.ts';

interface Entry {
  at: number;
  name: string;
}

const listOf = (count: number) => {
  const list = new PackedList<Entry>();
  for (let at = 0; at < count; at += 1) list.add({ at, name: `chunk ${at} ü` });
  return list;
};

const textOf = (pieces: Buffer[]) => `[${Buffer.concat(pieces).toString()}]`;

test('holds what an array would, whatever is added, taken out and looked for', () => {
  const counts = fc.integer({ min: 0, max: 400 });
  fc.assert(
    fc.property(counts, fc.array(counts, { maxLength: 200 }), counts, (count, gone, wanted) => {
      const list = listOf(count);
      const before = list.copy();
      for (const at of gone) list.remove((entry) => entry.at < at);
      const all = [...before];
      for (const at of gone) {
        const place = all.findIndex((entry) => entry.at >= at);
        if (place >= 0) all.splice(place, 1);
      }
      const isBefore = (entry: Entry) => entry.at < wanted;
      const left = all.filter((entry) => !isBefore(entry));
      expect([...before].map(({ at }) => at)).toEqual(Array.from({ length: count }, (_, at) => at));
      expect([...list]).toEqual(all);
      expect([list.length, list.last]).toEqual([all.length, all.at(-1) ?? null]);
      expect(list.find(isBefore)).toEqual(left[0] ?? null);
      expect([...list.blocks(isBefore)].flat()).toEqual(left);
      expect(textOf(list.json(isBefore))).toBe(JSON.stringify(left));
    }),
    { numRuns: 60 },
  );
});

test('gives a long list in pieces that stand ready: nothing is made of it at once', () => {
  const list = listOf(20_000);
  const [first, again] = [list.json(), list.json()];
  expect(first.length).toBeGreaterThan(100);
  expect(Math.max(...first.map(({ length }) => length))).toBeLessThan(8000);
  expect(first.slice(1, -1).every((piece, at) => piece === again[at + 1])).toBe(true);
});
