import type { SessionSummary } from '../../../shared/session.ts';
import { day } from '../format/time.ts';

export type SortKey =
  | 'start_time'
  | 'mission'
  | 'duration_s'
  | 'total_rows'
  | 'size_bytes'
  | 'state';

export interface Sorting {
  key: SortKey;
  descending: boolean;
}

/** Every word must be found in the mission, the ids, the state, the day that is shown, or the word damaged. */
export function matches(session: SessionSummary, search: string): boolean {
  const text = [
    session.mission,
    session.session_id,
    session.sensor_id,
    session.state,
    session.damage ? 'damaged' : '',
    day(Date.parse(session.start_time)),
  ]
    .join(' ')
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function compare(a: SessionSummary, b: SessionSummary, key: SortKey): number {
  const left = a[key] ?? '';
  const right = b[key] ?? '';
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left).localeCompare(String(right), undefined, { numeric: true });
}

/** The sessions that are searched for, in order; newest first where they are equal. */
export function shownSessions(
  sessions: readonly SessionSummary[],
  search: string,
  { key, descending }: Sorting,
): SessionSummary[] {
  const turn = descending ? -1 : 1;
  return sessions
    .filter((session) => matches(session, search))
    .sort((a, b) => compare(a, b, key) * turn || b.start_time.localeCompare(a.start_time));
}
