import type { Damage } from '../../shared/damage.ts';
import type { SessionSummary } from '../../shared/session.ts';
import type { ChunkList } from '../format/chunk-list.ts';
import type { Judged } from '../format/found.ts';
import type { RecorderMetadata, SessionMetadata } from '../format/metadata.ts';

/** The session that is being recorded, as far as a list has to know it. */
export interface LiveSession {
  id: string;
  metadata: { data: SessionMetadata };
  chunks: ChunkList;
  totals(): Pick<RecorderMetadata, 'total_rows' | 'chunk_count' | 'size_bytes' | 'duration_s'>;
  summary(): SessionSummary;
}

/** What the recorder has in hand. */
export interface InHand {
  readonly active: LiveSession | null;
  /** It is being recorded, or finalized after its end. */
  holds(sessionId: string): boolean;
}

/** Says what there is of a session that has ended; null where there is none. */
export interface SessionJudge {
  /** From now on what is found is mended. */
  mendFromNow(): void;
  judged(id: string): Promise<Judged | null>;
  /** The same, after reading has shown that chunks of it are not as they were finalized. */
  doubted(id: string, damage: readonly Damage[]): Promise<Judged | null>;
  /** Resolves when nothing is done with it any more. */
  forget(id: string): Promise<void>;
}
