import type { SessionSummary } from '../../shared/session.ts';
import { damageIn } from './damage.ts';
import type { SessionMetadata } from './metadata.ts';

/** A session in short, from its metadata.json. `mission` is the caller's own key. */
export function summaryOf(metadata: SessionMetadata): SessionSummary {
  const { mission } = metadata as Record<string, unknown>;
  const damage = damageIn(metadata);
  return {
    session_id: metadata.session_id,
    state: metadata.state,
    mission: typeof mission === 'string' ? mission : null,
    start_time: metadata.start_time,
    end_time: metadata.end_time,
    duration_s: metadata.duration_s,
    total_rows: metadata.total_rows,
    chunk_count: metadata.chunk_count,
    size_bytes: metadata.size_bytes,
    sensor_id: metadata.sensor_id,
    failure: metadata.failure,
    ...(damage.length > 0 ? { damage } : {}),
  };
}
