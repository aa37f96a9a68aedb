import { ApiError } from '../../shared/errors.ts';

/** What the system said about a file, without its path: `ENOSPC: no space left on device`. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return isSystemError(error) ? message.replace(/, \w+( '.*)?$/s, '') : message;
}

/** A disk that does not fail and does not answer either is given up, or told of, by whoever waits. */
export class DiskStandsStill extends Error {}

/** How long a call waits for the disk: its client gives up after 30 s, and the sensor has its share. */
export const DISK_PATIENCE_MS = 20_000;

/** What the disk did, and not a mistake in this program. */
export function isDiskFault(error: unknown): boolean {
  return isSystemError(error) || error instanceof DiskStandsStill;
}

/** The error that a client gets when the recording folder fails; others stay what they are. */
export function storageError(error: unknown): unknown {
  if (error instanceof DiskStandsStill) {
    return new ApiError('storage_unavailable', error.message, { cause: error });
  }
  if (!isSystemError(error)) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new ApiError('disk_full', 'The disk is full: delete old sessions.', { cause: error });
  }
  if (error.code === 'EMFILE' || error.code === 'ENFILE') {
    const detail = 'The vehicle has too many files and connections open: try again in a minute.';
    return new ApiError('storage_unavailable', detail, { cause: error });
  }
  const detail = `The disk of the recordings fails (${reasonOf(error)}): check it, or use another.`;
  return new ApiError('storage_unavailable', detail, { cause: error });
}

export function isMissing(error: unknown): boolean {
  return isSystemError(error) && error.code === 'ENOENT';
}

/** What lies there can't be read, now and probably ever; other errors may be of the moment. */
export function isUnreadable(error: unknown): boolean {
  return isSystemError(error) && (error.code === 'EIO' || error.code === 'EISDIR');
}

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
