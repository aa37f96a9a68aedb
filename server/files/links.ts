import { lstat, opendir } from 'node:fs/promises';
import { ApiError } from '../../shared/errors.ts';
import { isMissing } from './storage-error.ts';

/** Names that are read from a folder at a time. */
export const NAMES = 256;

/** A link inside the data folder may point anywhere. Gives whether all of the paths are there. */
export async function refuseLinks(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(paths.map(lookAt));
  if (found.some((stats) => stats?.isSymbolicLink())) {
    throw isLink();
  }
  return !found.includes(null);
}

/** The same for all files of a folder that are wanted, however many lie there. */
export async function refuseLinksIn(
  folder: string,
  isWanted: (name: string) => boolean,
): Promise<void> {
  for await (const entry of await opendir(folder, { bufferSize: NAMES })) {
    if (entry.isSymbolicLink() && isWanted(entry.name)) throw isLink();
  }
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

const isLink = () => new ApiError('forbidden_path', 'This path is a link.');
