import { lstat } from 'node:fs/promises';
import { ApiError } from '../../shared/errors.ts';
import { isMissing } from './storage-error.ts';

/** A link inside the data folder may point anywhere. Gives whether all of the paths are there. */
export async function refuseLinks(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(paths.map(lookAt));
  if (found.some((stats) => stats?.isSymbolicLink())) {
    throw new ApiError('forbidden_path', 'This path is a link.');
  }
  return !found.includes(null);
}

/** What is at a path itself, be it a link; null where nothing is. */
export async function lookAt(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
