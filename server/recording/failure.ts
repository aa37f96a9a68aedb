import { type Clock, isoMicros } from '../../shared/clock.ts';
import type { Note, NoteOf } from '../../shared/events.ts';
import { addEvents } from '../format/events.ts';
import type { MetadataFile, RecorderMetadata } from '../format/metadata.ts';

/** A session's folder after it was mended: what metadata.json is to say of it, and its events. */
export interface Closed {
  totals: Partial<RecorderMetadata> & Pick<RecorderMetadata, 'total_rows'>;
  repairs: readonly Note[];
  /** The next start has to mend it once more. */
  needs_recovery: boolean;
}

/** Finalizes what lies in a session's folder; of recovery/, which recording does not know. */
export type CloseFolder = (folder: string, metadata: RecorderMetadata) => Promise<Closed>;

/** A session whose files were let go of after an error. */
export interface FailedSession {
  folder: string;
  metadata: MetadataFile;
  /** Why, as a sentence. */
  reason: string;
  /** Rows that the recorder took, written or not. */
  rowsTaken: number;
  /** Monotonic seconds that the session lasted. */
  elapsed: number;
}

/**
 * Closes a failed session: what lies on disk is finalized at once where the disk still
 * allows it, else by the next start. Gives the reason with the number of rows lost.
 */
export async function closeFailed(
  session: FailedSession,
  clock: Clock,
  closeFolder: CloseFolder,
): Promise<string> {
  const { metadata, reason, elapsed } = session;
  const { wallMicros } = clock.now();
  const failed = { state: 'failed', duration_s: elapsed, end_time: isoMicros(wallMicros) } as const;
  try {
    const { failure, totals, needs_recovery } = await finalize(session, wallMicros, closeFolder);
    await metadata.update({ ...totals, ...failed, failure, needs_recovery });
    return failure;
  } catch (error) {
    await metadata.update({ ...failed, failure: reason, needs_recovery: true });
    return `${reason} What lies on disk will be finalized at the next start (${String(error)}).`;
  }
}

async function finalize(session: FailedSession, wallMicros: number, closeFolder: CloseFolder) {
  const { folder, metadata, reason, rowsTaken, elapsed } = session;
  const { totals, repairs, needs_recovery } = await closeFolder(folder, metadata.data);
  const lost = rowsTaken - totals.total_rows;
  const failure = lost > 0 ? `${reason} ${lost} rows could not be written.` : reason;
  const note: NoteOf<'recording_failed'> = {
    kind: 'recording_failed',
    detail: failure,
    rows_lost: lost,
  };
  await addEvents(folder, { wallMicros, elapsed }, [...repairs, note]);
  return { failure, totals, needs_recovery };
}
