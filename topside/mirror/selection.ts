import type { SessionSummary } from '../../shared/session.ts';

export interface Wish {
  /** null: every session. Otherwise an id, `active` or `latest`. */
  session: string | null;
  /** Milliseconds since 1970. */
  sinceMs: number | null;
}

/**
 * The sessions that are asked for, the one being recorded first. `followed` are those that
 * were active when they were seen: their last chunks are wanted too. The vehicle's clock may
 * be months behind: what is recorded now is never too old, and is the latest.
 */
export function selected(
  sessions: readonly SessionSummary[],
  wish: Wish,
  followed: ReadonlySet<string>,
): SessionSummary[] {
  const since = wish.sinceMs ?? Number.NEGATIVE_INFINITY;
  const isFollowed = (summary: SessionSummary) =>
    isActive(summary) || followed.has(summary.session_id);
  const newest = sessions.some(isActive) ? null : sessions[0];
  const isWished = (summary: SessionSummary) => {
    if (wish.session === null) return true;
    if (isId(wish.session)) return summary.session_id === wish.session;
    return isFollowed(summary) || (wish.session === 'latest' && summary === newest);
  };
  const wanted = sessions
    .filter((summary) => isFollowed(summary) || Date.parse(summary.start_time) >= since)
    .filter(isWished);
  return wanted.sort((a, b) => Number(isActive(b)) - Number(isActive(a)));
}

export function isActive({ state }: SessionSummary): boolean {
  return state === 'recording';
}

/** Whether the wish is for one session and no other, ever. */
export function isId(wish: string | null): wish is string {
  return wish !== null && wish !== 'active' && wish !== 'latest';
}
