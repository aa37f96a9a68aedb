import { type Annotation, annotationOf } from '../annotations.ts';
import type { SessionDetail } from '../api/sessions.ts';
import type { SessionEvent } from '../session.ts';
import type { Deployment } from './deployment.ts';

/** What is known of a session besides its rows. */
export interface SessionFacts {
  detail: Pick<SessionDetail, 'summary' | 'metadata'>;
  events: readonly SessionEvent[];
  /** Its rows carry no elapsed_s. */
  byWallClock: boolean;
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
  return { detail: { summary, metadata }, events, byWallClock, deployment };
}
