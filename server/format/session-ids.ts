import { readdir } from 'node:fs/promises';
import { sessionId } from '../../shared/session.ts';
import { isMissing } from '../files/storage-error.ts';

/** Ids of the sessions in the folder. */
export async function sessionIds(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return folders.filter((name) => sessionId.safeParse(name).success);
}
