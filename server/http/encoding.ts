import type Koa from 'koa';

/** How an answer may be packed, and how a file that is packed so ends. */
export const ENCODINGS = { br: '.br', gzip: '.gz' } as const;
export type Encoding = keyof typeof ENCODINGS;

/**
 * How the client takes an answer; null: as it is. Brotli is for those who name it: BlueOS asks
 * with `*`-like lists, and unpacks gzip alone. Never deflate, which clients read in two ways.
 */
export function encodingFor(ctx: Koa.ParameterizedContext): Encoding | null {
  if (/\bbr\b/.test(ctx.get('Accept-Encoding')) && ctx.acceptsEncodings('br') === 'br') return 'br';
  return ctx.get('Accept-Encoding') !== '' && ctx.acceptsEncodings('gzip') === 'gzip'
    ? 'gzip'
    : null;
}
