import type Koa from 'koa';
import { hostName } from './origins.ts';

const POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
].join('; ');

/** Shown inside the pilot's control station, wherever that runs; it has nothing to click. */
const FRAMED_ANYWHERE = '/widget';

/** What keeps a page from being misused: no foreign scripts, no frames but the vehicle's. */
export function securityHeaders(corsOrigins: readonly string[]): Koa.Middleware {
  return async (ctx, next) => {
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.set('Content-Security-Policy', `${POLICY}${frameAncestors(ctx, corsOrigins)}`);
    await next();
  };
}

/** BlueOS shows the page from another port of the same host. */
function frameAncestors(ctx: Koa.ParameterizedContext, corsOrigins: readonly string[]): string {
  if (ctx.path === FRAMED_ANYWHERE) return '';
  const own = /^[\w.:-]+$/.test(hostName(ctx.host))
    ? `http://${ctx.hostname}:* https://${ctx.hostname}:*`
    : '';
  return `; frame-ancestors 'self' ${own} ${corsOrigins.join(' ')}`;
}
