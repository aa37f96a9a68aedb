const WHAT_TO_DO: Record<string, string> = {
  ENOSPC: 'its disk is full. Make room and start again: nothing of what is here is lost',
  EDQUOT: 'its disk quota is used up. Make room and start again: nothing of what is here is lost',
  EROFS: 'its disk is read-only. Choose another',
  EACCES: 'it may not be written. Choose another, or change its permissions',
  ENOENT: 'it is not there',
};

/** One sentence about an error of the file system, for a person. */
export function folderWords(error: NodeJS.ErrnoException): string {
  const words = WHAT_TO_DO[error.code ?? ''];
  return `The folder can't be used: ${words ? `${words} (${error.message})` : error.message}`;
}

/** Whether the system said it; what comes over the network is a LostError by then. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
