import type Koa from 'koa';
import type { ApiError } from '../../shared/errors.ts';

/** What a client is told of an error; one that nobody expected ends the process. */
export type Explain = (error: unknown) => ApiError;

/** The one place where errors become answers: only messages meant for the client leave. */
export function errorBoundary(explain: Explain): Koa.Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      answer(ctx, explain(error));
    }
  };
}

export function answer(ctx: Koa.ParameterizedContext, error: ApiError): void {
  ctx.status = error.status;
  ctx.body = { detail: error.message, code: error.code };
}
