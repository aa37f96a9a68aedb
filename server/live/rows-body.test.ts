import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { rowsBody } from './rows-body.ts';

describe('rowsBody', () => {
  it.each([0, 1, 499, 500, 501, 1234])('holds %i rows in order', async (count) => {
    const rows = Array.from({ length: count }, (_, number) => ({ number }));
    const body = await text(rowsBody(rows.map((row) => JSON.stringify(row))));
    expect(JSON.parse(body)).toEqual({ rows });
  });
});
