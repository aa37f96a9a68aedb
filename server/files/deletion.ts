import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './durable-file.ts';
import { isSystemError, reasonOf } from './storage-error.ts';

/** A session's folder has this before its name from the moment that a person deletes it. */
const DELETED = '.deleted-';

/** Takes a session out of the list at once, then its files away. Rejects with the system's error. */
export async function deleteFolder(root: string, sessionId: string): Promise<void> {
  const gone = join(root, DELETED + sessionId);
  await rename(join(root, sessionId), gone);
  await syncFolder(root);
  await rm(gone, { recursive: true, force: true });
}

/** A deletion that the disk refused. */
export interface Refused {
  session_id: string;
  kind: 'deletion_failed';
  detail: string;
}

/** Goes on with deletions that a crash cut short. What the disk refuses is told, and tried again later. */
export async function finishDeletions(root: string): Promise<Refused[]> {
  const names = (await readdir(root)).filter((name) => name.startsWith(DELETED));
  const refused: Refused[] = [];
  for (const name of names) {
    await rm(join(root, name), { recursive: true, force: true }).catch((error: unknown) => {
      if (!isSystemError(error)) throw error;
      const detail = `A session that was deleted still takes space: ${reasonOf(error)}.`;
      refused.push({ session_id: name.slice(DELETED.length), kind: 'deletion_failed', detail });
    });
  }
  return refused;
}
