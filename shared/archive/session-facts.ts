import { type Annotation, annotationOf } from '../annotations.ts';
import type { SessionDetail } from '../api/sessions.ts';
import type { TimedSession } from '../corrected-clock.ts';
import type { Deployment } from './deployment.ts';

/** What is known of a session besides its rows. */
export interface SessionFacts extends TimedSession {
  detail: Pick<SessionDetail, 'summary' | 'metadata'>;
  /** What people said of the dive; null: nobody did, or it is not here. */
  deployment: Deployment | null;
}

/** The facts as a recorder tells them, with all that was ever said of the session. */
export function factsOf(
  { summary, metadata, events }: Pick<SessionDetail, 'summary' | 'metadata' | 'events'>,
  history: readonly Annotation[],
): SessionFacts {
  const deployment = annotationOf(history, 'deployment')?.value ?? null;
  const byWallClock = metadata['format'] === 'csv';
  const { start_time: startTime } = summary;
  return { detail: { summary, metadata }, startTime, events, byWallClock, deployment };
}
