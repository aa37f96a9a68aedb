import type Koa from 'koa';

/** How an answer may be packed, and how a file that is packed so ends. */
export const ENCODINGS = { br: '.br', gzip: '.gz' } as const;
export type Encoding = keyof typeof ENCODINGS;

/**
 * How the client takes an answer; null: as it is. Brotli is for those who name it. Never deflate,
 * which clients read in two ways: BlueOS's Helper names it beside gzip, and unpacks gzip alone.
 */
export function encodingFor(ctx: Koa.ParameterizedContext): Encoding | null {
  const named = ctx.get('Accept-Encoding');
  if (/\bbr\b/.test(named) && ctx.acceptsEncodings('br')) return 'br';
  return named !== '' && ctx.acceptsEncodings('gzip') ? 'gzip' : null;
}
