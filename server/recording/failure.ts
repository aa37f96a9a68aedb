import { type Clock, isoMicros } from '../../shared/clock.ts';
import type { NoteOf } from '../../shared/events.ts';
import { addEvents } from '../format/events.ts';
import type { MetadataFile } from '../format/metadata.ts';
import { ROW_FORMATS } from '../format/row-format.ts';
import { mend, totalsOf } from '../recovery/mend.ts';

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
export async function closeFailed(session: FailedSession, clock: Clock): Promise<string> {
  const { metadata, reason, elapsed } = session;
  const { wallMicros } = clock.now();
  const failed = { state: 'failed', duration_s: elapsed, end_time: isoMicros(wallMicros) } as const;
  try {
    const { failure, totals, needs_recovery } = await finalize(session, wallMicros);
    await metadata.update({ ...totals, ...failed, failure, needs_recovery });
    return failure;
  } catch (error) {
    await metadata.update({ ...failed, failure: reason, needs_recovery: true });
    return `${reason} What lies on disk will be finalized at the next start (${String(error)}).`;
  }
}

async function finalize(session: FailedSession, wallMicros: number) {
  const { folder, metadata, reason, rowsTaken, elapsed } = session;
  const mended = await mend(folder, ROW_FORMATS[metadata.data.format], metadata.data);
  const totals = totalsOf(mended);
  const lost = rowsTaken - totals.total_rows;
  const failure = lost > 0 ? `${reason} ${lost} rows could not be written.` : reason;
  const note: NoteOf<'recording_failed'> = {
    kind: 'recording_failed',
    detail: failure,
    rows_lost: lost,
  };
  await addEvents(folder, { wallMicros, elapsed }, [...mended.repairs, note]);
  return { failure, totals, needs_recovery: mended.vehicle.problem !== null };
}
