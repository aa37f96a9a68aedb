import type Koa from 'koa';

const METHODS = 'GET, HEAD, POST, PUT, DELETE';

/** Lets pages of the configured origins read answers; the page's own origin needs nothing. */
export function cors(origins: readonly string[]): Koa.Middleware {
  return async (ctx, next) => {
    const origin = ctx.get('Origin');
    const allowed = origin !== '' && (origins.includes(origin) || origins.includes('*'));
    ctx.vary('Origin');
    if (allowed) ctx.set('Access-Control-Allow-Origin', origin);
    if (allowed && ctx.method === 'OPTIONS' && ctx.get('Access-Control-Request-Method')) {
      ctx.set('Access-Control-Allow-Methods', METHODS);
      ctx.set('Access-Control-Allow-Headers', 'Content-Type, Authorization');
      ctx.status = 204;
      return;
    }
    await next();
  };
}
