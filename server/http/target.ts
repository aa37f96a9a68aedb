import type { IncomingMessage } from 'node:http';
import { parse } from 'node:url';
import type Koa from 'koa';
import { ApiError } from '../../shared/errors.ts';

/**
 * Whether what is asked for can be taken apart. It may be a whole URL (RFC 9112, 3.2.2), with a
 * host that is none; Koa and koa-websocket take it apart with `url.parse`, which throws then.
 */
export function hasTarget({ url = '' }: IncomingMessage): boolean {
  try {
    parse(url);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Ahead of all that looks at the path. */
export const refuseBadTarget: Koa.Middleware = (ctx, next) => {
  if (hasTarget(ctx.req)) return next();
  throw new ApiError(
    'bad_request',
    'What is asked for is no URL: ask for a path, such as /status.',
  );
};
