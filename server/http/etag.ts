import type Koa from 'koa';

/**
 * Whether the client has this version already. Unlike ctx.fresh it disregards the
 * `Cache-Control: no-cache` that many HTTP libraries add to every conditional request:
 * the answer comes from the source anyway.
 */
export function clientHas(ctx: Koa.ParameterizedContext, etag: string): boolean {
  const given = ctx.get('If-None-Match').split(',');
  return given.some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
