import type { SessionDetail } from '../api/sessions.ts';
import type { SessionEvent } from '../session.ts';

/** What is known of a session besides its rows. */
export interface SessionFacts {
  detail: Pick<SessionDetail, 'summary' | 'metadata'>;
  events: readonly SessionEvent[];
  /** Its rows carry no elapsed_s. */
  byWallClock: boolean;
}

/** The facts as a recorder tells them. */
export function factsOf({
  summary,
  metadata,
  events,
}: Pick<SessionDetail, 'summary' | 'metadata' | 'events'>): SessionFacts {
  return { detail: { summary, metadata }, events, byWallClock: metadata['format'] === 'csv' };
}
