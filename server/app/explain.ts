import type { Logger } from 'pino';
import { ApiError } from '../../shared/errors.ts';
import { isDamage } from '../export/chunk-rows.ts';
import { storageError } from '../files/storage-error.ts';

/**
 * Gives what a client is told of an error. What the system or a damaged file does to one
 * answer is logged, and must not end a recording; anything else is told to `onUnexpected`.
 */
export function explainer(logger: Logger, onUnexpected: (error: unknown) => void) {
  return (error: unknown): ApiError => {
    if (error instanceof ApiError) return error;
    const known = isDamage(error) ? damaged(error) : storageError(error);
    if (known instanceof ApiError) logger.warn({ error: String(error) }, 'An answer broke off');
    else onUnexpected(error);
    return known instanceof ApiError ? known : unexpected(error);
  };
}

function damaged(cause: Error): ApiError {
  return new ApiError('storage_unavailable', `${cause.message}.`, { cause });
}

function unexpected(cause: unknown): ApiError {
  const detail = 'The service met an error that it did not expect, and restarts. See its log.';
  return new ApiError('internal_error', detail, { cause });
}
