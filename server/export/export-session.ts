import type { SessionDetail } from '../../shared/api/sessions.ts';
import type { Deployment } from '../../shared/archive/deployment.ts';
import type { JoinSource } from './row-join.ts';

/** A session that is written in the format of an archive, a map or a report. */
export interface ExportSession extends JoinSource {
  /** Absolute, in order; finalized. */
  paths: Iterable<string>;
  /** What the catalogue says of it. */
  detail: Omit<SessionDetail, 'chunks'>;
  /** What people said of the dive; null: nobody did. */
  deployment: Deployment | null;
}
