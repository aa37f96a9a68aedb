import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import { MIRRORED_NAME, newestFirst } from '../../shared/session.ts';
import { finishDeletions } from '../files/deletion.ts';
import { mapConcurrent } from '../files/map-concurrent.ts';
import { isSystemError, reasonOf } from '../files/storage-error.ts';
import { timestampOf } from '../format/chunk-scan.ts';
import { addEvents } from '../format/events.ts';
import type { RecoveryReport, Resumable, Unmended } from '../format/found.ts';
import { MetadataFile, readMetadata } from '../format/metadata.ts';
import { sessionIds } from '../format/session-ids.ts';
import { mendSession } from './mend-session.ts';

export interface Recovered {
  report: RecoveryReport[];
  resumable: Resumable | null;
}

/**
 * Mends every session that was not closed; to be called before anything is recorded.
 * Sessions that were closed cost one small read each. Deletes nothing but what a
 * person deleted before. A disk that can't be used is reported as recovery_failed.
 */
export function recover(root: string, clock: Clock): Promise<Recovered> {
  return mendAll(root, clock).catch((error: unknown) => {
    const note = unmended('The recording folder could not be read', error);
    return { report: [{ session_id: null, ...note }], resumable: null };
  });
}

async function mendAll(root: string, clock: Clock): Promise<Recovered> {
  await mkdir(root, { recursive: true });
  const report: RecoveryReport[] = [];
  const going: Resumable[] = [];
  for (const id of await openSessions(root)) {
    const found = await mendOpen(join(root, id), id, clock, report).catch((error: unknown) => {
      report.push({ session_id: id, ...unmended('The session could not be mended', error) });
      return null;
    });
    if (found) going.push(found);
  }
  going.sort((a, b) => newestFirst(a.metadata, b.metadata));
  for (const older of going.slice(1)) await closeOlder(older, clock);
  report.push(...(await finishDeletions(root)));
  return { report, resumable: going[0] ?? null };
}

/** What the disk does not let mend must not keep the other sessions, and the service, down. */
function unmended(what: string, error: unknown): Unmended {
  if (!isSystemError(error)) throw error;
  const detail = `${what}: ${reasonOf(error)}. The next start tries again.`;
  return { kind: 'recovery_failed', detail };
}

async function openSessions(root: string): Promise<string[]> {
  const ids = await sessionIds(root);
  const open = await mapConcurrent(ids, (id) => isOpen(join(root, id)));
  return ids.filter((id, position) => open[position] && !isMirrored(join(root, id)));
}

/** Its vehicle goes on with it: rows of a sensor that is here would be invented there. */
export function isMirrored(folder: string): boolean {
  return existsSync(join(folder, MIRRORED_NAME));
}

/** Also where it can't be read: mending says why. */
async function isOpen(folder: string): Promise<boolean> {
  try {
    const metadata = await readMetadata(folder);
    return metadata === null || metadata.state === 'recording' || metadata.needs_recovery;
  } catch (error) {
    if (isSystemError(error)) return true;
    throw error;
  }
}

async function mendOpen(
  folder: string,
  id: string,
  clock: Clock,
  report: RecoveryReport[],
): Promise<Resumable | null> {
  const { metadata, mended } = await mendSession(folder, id, clock);
  report.push(...mended.repairs.map((repair) => ({ session_id: id, ...repair })));
  return metadata.state === 'recording' ? { folder, metadata, ...mended } : null;
}

/** Only one session can go on: the newest. */
export async function closeOlder(
  { folder, metadata, lastRow }: Resumable,
  clock: Clock,
): Promise<void> {
  const detail = 'It was interrupted, and a newer session went on recording.';
  const moment = { wallMicros: clock.now().wallMicros, elapsed: lastRow?.elapsed ?? 0 };
  await addEvents(folder, moment, [{ kind: 'session_closed', detail }]);
  const end_time = lastRow ? timestampOf(lastRow) : metadata.start_time;
  await new MetadataFile(folder, metadata).update({ state: 'failed', failure: detail, end_time });
}
