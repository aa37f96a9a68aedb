import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textCell } from './csv-cell.ts';

test.each([
  ['Q0123', 'Q0123'],
  ['kelp, left', '"kelp, left"'],
  ['say "so"', '"say ""so"""'],
  ['two\nlines', '"two\nlines"'],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
])('%j is the cell %s', (text, cell) => {
  expect(textCell(text)).toBe(cell);
});

test('a cell never begins as a formula does, and gives the text back', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const cell = textCell(text);
      const inner = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      expect(inner).not.toMatch(/^[=+\-@\t\r]/);
      expect([text, `'${text}`]).toContain(inner);
    }),
  );
});
