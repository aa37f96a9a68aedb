import type Koa from 'koa';
import { ApiError } from '../../shared/errors.ts';

/** Told of every error that nobody expected; it ends the process. */
export type OnUnexpected = (error: unknown) => void;

/** The one place where errors become answers: only messages meant for the client leave. */
export function errorBoundary(onUnexpected: OnUnexpected): Koa.Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      answer(ctx, error instanceof ApiError ? error : unexpected(error, onUnexpected));
    }
  };
}

export function answer(ctx: Koa.ParameterizedContext, error: ApiError): void {
  ctx.status = error.status;
  ctx.body = { detail: error.message, code: error.code };
}

function unexpected(error: unknown, onUnexpected: OnUnexpected): ApiError {
  onUnexpected(error);
  const detail = 'The service met an error that it did not expect, and restarts. See its log.';
  return new ApiError('internal_error', detail, { cause: error });
}
