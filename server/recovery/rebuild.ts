import { isoMicros } from '../../shared/clock.ts';
import type { Chunks } from '../format/chunks.ts';
import { description, NOTHING_RECORDED, type SessionMetadata } from '../format/metadata.ts';
import type { Seen } from './look.ts';
import type { Mended } from './mend.ts';

const UNKNOWN_INTERVAL_S = 60;

/** What the rows tell of a session whose metadata.json was lost. It is closed, not resumed. */
export function rebuiltMetadata(id: string, mended: Mended, now: string): SessionMetadata {
  return metadataOf(id, mended.chunks, mended.lastRow?.sensorId ?? null, now);
}

/** What the manifest tells of it, until it can be mended. */
export function metadataOfSeen(id: string, { chunks, since }: Seen): SessionMetadata {
  return metadataOf(id, chunks, null, isoMicros(Math.floor(since * 1000)));
}

function metadataOf(
  id: string,
  chunks: Chunks,
  sensor_id: string | null,
  now: string,
): SessionMetadata {
  const [first] = chunks;
  return {
    ...NOTHING_RECORDED,
    session_id: id,
    software_version: 'unknown',
    state: 'failed',
    failure: 'metadata.json was lost; this is what the rows tell.',
    format: first?.filename.endsWith('.csv') ? 'csv' : 'jsonl',
    start_time: first?.first_timestamp ?? now,
    end_time: chunks.last?.last_timestamp ?? null,
    chunk_interval_s: UNKNOWN_INTERVAL_S,
    sensor_id,
    sensor: {},
    port: null,
    baud: null,
    boot_id: null,
    mono_start: 0,
    ...description(null, null),
  };
}
