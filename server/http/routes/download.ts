import type { Readable } from 'node:stream';
import type Koa from 'koa';

/** Where the length of a download is not known beforehand its rows are counted: docs/downloads.md. */
const ROWS = 'X-Row-Count';

export interface Offered {
  body: Readable;
  fileName: string;
  type: string;
  length?: number | null;
  rows: number | null;
}

/** Offers a stream as a file, with what tells its client that it came whole. */
export function offer(ctx: Koa.ParameterizedContext, offered: Offered): Readable {
  const { body, fileName, type, length = null, rows } = offered;
  ctx.attachment(fileName);
  ctx.type = type;
  if (length !== null) ctx.set('Content-Length', String(length));
  if (rows !== null) ctx.set(ROWS, String(rows));
  return body;
}
