import type { SessionSummary } from '../shared/session.ts';

export interface Wish {
  /** null: every session. Otherwise an id, `active` or `latest`. */
  session: string | null;
  /** Milliseconds since 1970. */
  sinceMs: number | null;
}

/**
 * The sessions that are asked for, the one being recorded first. `followed` are those that
 * were active when they were seen: their last chunks are wanted too.
 */
export function selected(
  sessions: readonly SessionSummary[],
  wish: Wish,
  followed: ReadonlySet<string>,
): SessionSummary[] {
  const since = wish.sinceMs ?? Number.NEGATIVE_INFINITY;
  const wanted = sessions
    .filter(({ start_time }) => Date.parse(start_time) >= since)
    .filter((summary, place) => isWished(summary, place, wish.session, followed));
  return wanted.sort((a, b) => Number(isActive(b)) - Number(isActive(a)));
}

export function isActive({ state }: SessionSummary): boolean {
  return state === 'recording';
}

function isWished(
  summary: SessionSummary,
  place: number,
  wish: string | null,
  followed: ReadonlySet<string>,
): boolean {
  if (wish === null) return true;
  if (wish === 'latest') return place === 0;
  if (wish === 'active') return isActive(summary) || followed.has(summary.session_id);
  return summary.session_id === wish;
}
