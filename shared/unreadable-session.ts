import { SESSION_UNREADABLE } from './damage.ts';
import type { SessionSummary } from './session.ts';

/** How a session stands in a list that can't be read; `detail` says why, in words. */
export function unreadableSession(
  session_id: string,
  start_time: string,
  detail: string,
): SessionSummary {
  return {
    ...{ session_id, start_time, end_time: null, duration_s: 0, mission: null, sensor_id: null },
    ...{ state: 'failed', failure: detail, total_rows: 0, chunk_count: 0, size_bytes: 0 },
    damage: [{ kind: SESSION_UNREADABLE, file: null, detail }],
  };
}

/** Why it can't be read; null of one that can. */
export function whyUnreadable({ damage = [] }: SessionSummary): string | null {
  return damage.find(({ kind }) => kind === SESSION_UNREADABLE)?.detail ?? null;
}
