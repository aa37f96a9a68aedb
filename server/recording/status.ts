import type { z } from 'zod';
import type { recordStatus } from '../../shared/api/recording.ts';
import type { ActiveSession } from './active-session.ts';

/** GET /record/status, without what others know: the disk's free bytes, and what comes by itself. */
export type RecorderStatus = Omit<z.infer<typeof recordStatus>, 'disk_free_bytes' | 'by_itself'>;

/** A rate over less than this says little about how long the disk lasts. */
const RATE_AFTER_S = 10;

export function statusOf(
  active: ActiveSession,
  freeBytes: number | null,
  reserveBytes: number,
  isRecording: boolean,
): RecorderStatus {
  const { session, chunks, metadata } = active;
  const summary = active.summary();
  return {
    is_recording: isRecording,
    is_sealing: !isRecording,
    disk_wait_s: session.waiting.seconds,
    session_id: active.id,
    chunk_count: chunks.chunks.length,
    elapsed_time_s: session.elapsed(),
    current_chunk_rows: session.currentRows,
    total_rows: session.totalRows,
    state: 'recording',
    failure: null,
    mission: summary.mission,
    start_time: summary.start_time,
    chunk_interval_s: metadata.data.chunk_interval_s,
    size_bytes: session.sizeBytes,
    last_sealed_at: chunks.last?.created_at ?? null,
    resumed_at: metadata.data.resumed_at,
    disk_left_s: diskLeft(active, freeBytes, reserveBytes),
    trigger: active.trigger,
  };
}

function diskLeft({ session }: ActiveSession, freeBytes: number | null, reserve: number) {
  const elapsed = session.elapsed();
  if (freeBytes === null || session.sizeBytes === 0 || elapsed < RATE_AFTER_S) return null;
  return Math.max(0, freeBytes - reserve) / (session.sizeBytes / elapsed);
}

/** Nothing is recorded; `state` and `failure` are those of the last session. */
export function idleStatus(state: RecorderStatus['state'], failure: string | null): RecorderStatus {
  return {
    ...{
      is_recording: false,
      is_sealing: false,
      disk_wait_s: 0,
      session_id: null,
      chunk_count: 0,
      elapsed_time_s: 0,
    },
    ...{ current_chunk_rows: 0, total_rows: 0, size_bytes: 0 },
    ...{ mission: null, start_time: null, chunk_interval_s: null, last_sealed_at: null },
    ...{ resumed_at: null, disk_left_s: null, trigger: null, state, failure },
  };
}
