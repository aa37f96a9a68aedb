import { rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { REPLACED } from '../layout.ts';
import type { Report } from '../report.ts';
import { fileSha256 } from './partial-file.ts';

/** Keeps a file that the vehicle has with other bytes now, under a name of its own. */
export async function setAside(path: string, report: Report): Promise<void> {
  const kept = `${path}.${(await fileSha256(path)).slice(0, 8)}${REPLACED}`;
  await rename(path, kept);
  report.note(`${basename(path)} is here with other bytes than on the vehicle: kept as ${kept}`);
}
