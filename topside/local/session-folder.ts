import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurably } from '../../server/files/durable-file.ts';
import { MIRRORED_NAME } from '../../shared/session.ts';
import { EXIT, LeaveError } from '../exit-codes.ts';
import { PART } from '../layout.ts';
import type { LocalSession } from './local-session.ts';

/** Marks a session's folder as a mirror's before there is anything that a recorder could go on with. */
export async function prepareFolder(
  out: string,
  session: string,
  local: LocalSession,
): Promise<void> {
  const folder = join(out, session);
  refuseRecorders(folder, local);
  if ((await mkdir(folder, { recursive: true })) !== undefined) await syncFolder(out);
  if (!local.sizes.has(MIRRORED_NAME)) await writeDurably(join(folder, MIRRORED_NAME), '');
}

/** Two writers of one session would spoil it: the address may be that of this very folder. */
function refuseRecorders(folder: string, { sizes }: LocalSession): void {
  if (![...sizes.keys()].some((name) => name.endsWith(PART))) return;
  const detail = `A recorder writes into ${folder}: choose another --out`;
  throw new LeaveError(EXIT.folderInUse, detail);
}
