import type Koa from 'koa';
import { originAllowed, type Trust } from './origins.ts';

/** Headers of ours that a page of another origin may read. */
const READABLE = 'X-Row-Count, X-Damage, Content-Disposition';
const METHODS = 'GET, HEAD, POST, PUT, DELETE';

/** Lets pages of the vehicle (BlueOS has its own port) and of the configured origins read answers. */
export function cors(trust: Trust): Koa.Middleware {
  return async (ctx, next) => {
    const origin = ctx.get('Origin');
    const allowed = origin !== '' && originAllowed(origin, ctx.host, trust);
    ctx.vary('Origin');
    if (allowed) ctx.set('Access-Control-Allow-Origin', origin);
    if (allowed) ctx.set('Access-Control-Expose-Headers', READABLE);
    if (allowed && ctx.method === 'OPTIONS' && ctx.get('Access-Control-Request-Method')) {
      ctx.set('Access-Control-Allow-Methods', METHODS);
      ctx.set('Access-Control-Allow-Headers', 'Content-Type, Authorization');
      ctx.status = 204;
      return;
    }
    await next();
  };
}
