import { createHash, timingSafeEqual } from 'node:crypto';
import type Koa from 'koa';
import { ApiError } from '../../shared/errors.ts';
import { hostAllowed, originAllowed, type Trust } from './origins.ts';

/** Calls that change nothing. */
const SAFE = ['GET', 'HEAD', 'OPTIONS'];

export interface Guard extends Trust {
  /** Asked for in calls that change something; null: no token is needed. */
  apiToken: string | null;
}

/** Keeps foreign pages from changing anything, and from reading by a name of their own. */
export function guard(rules: Guard): Koa.Middleware {
  return async (ctx, next) => {
    if (!hostAllowed(ctx.host, rules)) throw foreignHost(ctx.host);
    if (!SAFE.includes(ctx.method)) {
      if (!originAllowed(ctx.get('Origin'), ctx.host, rules)) throw foreignOrigin(ctx);
      if (fromForeignSite(ctx, rules)) throw foreignOrigin(ctx);
      if (!tokenFits(ctx.get('Authorization'), rules.apiToken)) throw noToken();
    }
    await next();
  };
}

/** For WebSocket upgrades: a browser always sends an Origin with them. */
export function upgradeAllowed(origin: string, host: string, rules: Guard): boolean {
  return hostAllowed(host, rules) && originAllowed(origin, host, rules);
}

/** Browsers say this themselves; it can't be set by a page. A configured origin is cross-site too. */
function fromForeignSite(ctx: Koa.ParameterizedContext, rules: Guard): boolean {
  return (
    ctx.get('Sec-Fetch-Site') === 'cross-site' &&
    !originAllowed(ctx.get('Origin') || 'null', ctx.host, rules)
  );
}

function tokenFits(header: string, token: string | null): boolean {
  if (token === null) return true;
  const given = /^Bearer (.+)$/i.exec(header)?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function foreignOrigin(ctx: Koa.ParameterizedContext): ApiError {
  const who = ctx.get('Origin') || 'another site';
  return new ApiError('forbidden_origin', `A page of ${who} may not do this. See CORS_ORIGINS.`);
}

function foreignHost(host: string): ApiError {
  const detail =
    `This vehicle is not known as ${host}: open it by its IP address or a .local name, and add ` +
    'this name to allowed_hosts in its settings.';
  return new ApiError('forbidden_host', detail);
}

function noToken(): ApiError {
  const detail =
    'This needs the API token: enter it in the page, or send Authorization: Bearer <token>.';
  return new ApiError('unauthorized', detail);
}
