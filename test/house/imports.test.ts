import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { crossings, importersOfNode } from './imports.ts';

/** Room to what it may import, as docs/architecture.md says it. */
const TABLE = new Map(
  [
    ...readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| `([^`]+)` \|[^|]*\|([^|]*)\|$/gm),
  ].map(([, room = '', list = '']) => [
    room,
    new Map([...list.matchAll(/`([^`]+)`( \(type\))?/g)].map(([, to = '', type]) => [to, !type])),
  ]),
);

test('no file imports from a room that docs/architecture.md does not let it', () => {
  const outside = crossings().filter(({ from, to, isType }) => {
    if (to === 'shared') return false;
    const takesValues = TABLE.get(from)?.get(to);
    return takesValues === undefined || (!takesValues && !isType);
  });
  expect(outside).toEqual([]);
});

test('docs/architecture.md names no import that nobody makes', () => {
  const made = new Set(crossings().map(({ from, to }) => `${from} > ${to}`));
  const named = [...TABLE].flatMap(([from, to]) => [...to.keys()].map((one) => `${from} > ${one}`));
  expect(named.filter((one) => !made.has(one))).toEqual([]);
});

test('nothing that runs in a browser imports a module of Node', () => {
  expect(importersOfNode()).toEqual([]);
});
