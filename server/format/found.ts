import type { Hash } from 'node:crypto';
import type { Damage } from '../../shared/damage.ts';
import type { Note } from '../../shared/events.ts';
import type { SessionEvent } from '../../shared/session.ts';
import type { SealedPart } from '../../shared/vehicle.ts';
import type { Refused } from '../files/deletion.ts';
import type { ChunkList } from './chunk-list.ts';
import type { Chunks } from './chunks.ts';
import type { SessionMetadata } from './metadata.ts';
import type { RowFacts } from './row-format.ts';

/** vehicle.jsonl as it lies there, all of it sealed. */
export interface TrackSoFar {
  part: SealedPart;
  /** Has taken all its bytes. */
  hash: Hash;
  lastRow: RowFacts | null;
}

/** vehicle.jsonl after mending. */
export interface MendedTrack {
  soFar: TrackSoFar | null;
  /** Why it could not be mended, in words: then nothing may be added to it. */
  problem: string | null;
  /** What was done, as notes for events.jsonl. */
  repairs: Note[];
}

/** A session that was recording when the process ended; Recorder.resume goes on with it. */
export interface Resumable {
  folder: string;
  metadata: SessionMetadata;
  chunks: Chunks;
  nextIndex: number;
  nextSeq: number;
  lastRow: RowFacts | null;
  vehicle: MendedTrack;
}

/** What was done, and to which session; null: to the folder of all. */
export type RecoveryReport = ((Note | Unmended) & { session_id: string | null }) | Refused;

export interface Unmended {
  kind: 'recovery_failed';
  detail: string;
}

/** A session on the disk, as every door of the service tells of it. */
export interface Judged {
  metadata: SessionMetadata;
  /** What is finalized, and can be had. */
  list: ChunkList;
  events: readonly SessionEvent[];
  damage: readonly Damage[];
}
