import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter, MAX_LINE } from './lines.ts';

function split(pieces: string[]) {
  const lines: string[] = [];
  let overlong = 0;
  const splitter = new LineSplitter({
    line: (line) => lines.push(line),
    overlong: () => {
      overlong += 1;
    },
  });
  for (const piece of pieces) splitter.push(piece);
  return { lines, overlong };
}

const lineText = fc.stringMatching(/^[ -~]{0,20}$/);

test('lines are the same however the bytes were split', () => {
  fc.assert(
    fc.property(fc.array(lineText), fc.array(fc.nat(50)), (lines, sizes) => {
      const text = `\n${lines.map((line) => `${line}\r\n`).join('')}`;
      const pieces: string[] = [];
      let at = 0;
      for (const size of sizes) {
        pieces.push(text.slice(at, at + size));
        at += size;
      }
      pieces.push(text.slice(at));
      expect(split(pieces).lines).toEqual(lines);
    }),
  );
});

test('what comes before the first line end is thrown away', () => {
  expect(split(['0046, 27.68\r\n1.0\r\n']).lines).toEqual(['1.0']);
});

test('an overlong line is told once and its tail does not become a line', () => {
  const long = '7'.repeat(MAX_LINE + 1);
  for (const pieces of [[`\n${long}`, '9.9\r\nnext\r\n'], [`\n${long}9.9\r\nnext\r\n`]]) {
    expect(split(pieces)).toEqual({ lines: ['next'], overlong: 1 });
  }
});

test('10 MB without a line end are dropped and cost no memory', () => {
  const piece = 'x'.repeat(65_536);
  expect(split(['\n', ...Array(160).fill(piece), '\n', 'ok\n'])).toEqual({
    lines: ['ok'],
    overlong: 1,
  });
});
