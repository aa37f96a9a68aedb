import { hostname } from 'node:os';
import { FolderInUse, FolderLock } from '../../server/files/folder-lock.ts';
import { EXIT, LeaveError } from '../exit-codes.ts';

/** Keeps the mirror's folder for this process. Rejects with a LeaveError that says who has it. */
export async function lockMirror(folder: string): Promise<FolderLock> {
  const lock = new FolderLock(folder, { program: 'qsensor-mirror', isShared: true });
  await lock.acquire().catch((error: unknown) => {
    throw error instanceof FolderInUse ? inUse(folder, error) : error;
  });
  return lock;
}

function inUse(folder: string, { owner }: FolderInUse): LeaveError {
  if (owner === null) return new LeaveError(EXIT.folderInUse, `Another process took ${folder}.`);
  const { program, pid, host } = owner;
  const isHere = host === hostname();
  const where = isHere ? '' : ` on ${host}`;
  const hint = isHere ? '' : ` If it is not running any more, delete ${folder}/.qsensor.lock.`;
  return new LeaveError(
    EXIT.folderInUse,
    `${program} (process ${pid}${where}) uses ${folder}.${hint}`,
  );
}
