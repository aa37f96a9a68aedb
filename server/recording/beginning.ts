import { randomUUID } from 'node:crypto';
import { type Clock, type Instant, isoMicros, parseIsoMicros } from '../../shared/clock.ts';
import type { Note } from '../../shared/events.ts';
import type { Trigger } from '../../shared/session.ts';
import { readBootId } from '../files/boot-id.ts';
import { ChunkList } from '../format/chunk-list.ts';
import { wallMicrosOf } from '../format/chunk-scan.ts';
import type { MendedTrack, Resumable } from '../format/found.ts';
import { isOfThisVersion, MetadataFile, type RecorderMetadata } from '../format/metadata.ts';
import { type RowFacts, wholeMicros } from '../format/row-format.ts';
import { type Continuation, continueAfter, type LastMoment } from '../format/timeline.ts';
import type { FolderOpener } from './folder-opener.ts';
import type { Opening } from './opening.ts';

/** A session that is about to be recorded. */
export interface Beginning {
  metadata: MetadataFile;
  /** Absolute. */
  folder: string;
  chunks: ChunkList;
  /** Monotonic seconds at which elapsed_s is 0. */
  origin: number;
  nextSeq: number;
  nextIndex: number;
  vehicle: Pick<MendedTrack, 'soFar' | 'problem'>;
  /** What is said of it in events.jsonl. */
  note: Note;
}

/** A new one, with its folder. */
export async function beginNew(
  folders: FolderOpener,
  root: string,
  opening: Opening,
  clock: Clock,
): Promise<Beginning> {
  const id = randomUUID();
  const { folder, metadata } = await folders.open(root, id, opening, clock);
  return {
    ...{ metadata, folder, chunks: new ChunkList(id), origin: metadata.data.mono_start },
    ...{ nextSeq: 0, nextIndex: 0, vehicle: { soFar: null, problem: null } },
    note: startedNote(opening.trigger ?? 'request'),
  };
}

const BEGAN: Readonly<Record<Trigger, string>> = {
  request: 'The recording began.',
  armed: 'The recording began by itself: the vehicle was armed.',
  depth: 'The recording began by itself: the vehicle was deep enough.',
};

function startedNote(trigger: Trigger): Note {
  return { kind: 'recording_started', detail: BEGAN[trigger], trigger };
}

/** A session that goes on, and by how many seconds the wall clock was set before `now`. */
export interface BeginningAgain extends Pick<Continuation, 'stepS'> {
  beginning: Beginning;
  now: Instant;
}

/** One that was interrupted: same id, next chunk, next seq. */
export async function beginAgain(found: Resumable, clock: Clock): Promise<BeginningAgain> {
  const { folder, metadata: data, nextSeq, nextIndex, vehicle } = found;
  const now = clock.now();
  const bootId = await readBootId();
  const last = lastMoment(found);
  const { origin, basis, gapS, stepS } = continueAfter(data, last, bootId, now);
  const metadata = new MetadataFile(folder, data);
  const resumed_at = isoMicros(now.wallMicros);
  const elapsed_s = wholeMicros(now.mono - origin);
  const seen = { clock_seen: { timestamp: resumed_at, elapsed_s } };
  await metadata.update({
    ...{ resumed_at, boot_id: bootId, mono_start: origin },
    ...(isOfThisVersion(data) ? seen : {}),
  });
  const otherFiles = vehicle.soFar ? [vehicle.soFar.part] : [];
  const chunks = new ChunkList(data.session_id, found.chunks, otherFiles);
  const lastReading = found.lastRow && momentOf(found.lastRow, clockSeen(data)).elapsed;
  const isKnown = gapS !== null && lastReading !== null;
  const note = resumedNote(isKnown ? now.mono - origin - lastReading : gapS, nextSeq, basis);
  const beginning = { metadata, folder, chunks, origin, nextSeq, nextIndex, vehicle, note };
  return { beginning, stepS, now };
}

function resumedNote(gapS: number | null, nextSeq: number, basis: Continuation['basis']): Note {
  return {
    kind: 'recording_resumed',
    detail: `The recording went on after a restart${gapS === null ? '' : `, ${gapS.toFixed(1)} s after the last row`}.`,
    gap_s: gapS,
    next_seq: nextSeq,
    elapsed_basis: basis,
  };
}

/** Of the light, the vehicle or the clocks, whichever is latest: elapsed_s goes back in no file. */
function lastMoment({ lastRow, vehicle, metadata }: Resumable): LastMoment {
  const seen = clockSeen(metadata);
  const rows = [lastRow, vehicle.soFar?.lastRow].filter((row): row is RowFacts => row != null);
  return rows
    .map((row) => momentOf(row, seen))
    .reduce((last, moment) => (moment.elapsed > last.elapsed ? moment : last), seen);
}

function clockSeen(metadata: RecorderMetadata): LastMoment {
  const known = isOfThisVersion(metadata) ? metadata.clock_seen : undefined;
  const { timestamp, elapsed_s } = known ?? { timestamp: metadata.start_time, elapsed_s: 0 };
  return { elapsed: elapsed_s, wallMicros: parseIsoMicros(timestamp) };
}

/** A CSV row has only its time, by the wall clock as it has been since both were seen. */
function momentOf(row: RowFacts, seen: LastMoment): LastMoment {
  const wallMicros = wallMicrosOf(row);
  const since = Math.max(0, (wallMicros - seen.wallMicros) / 1e6);
  return { elapsed: row.elapsed ?? seen.elapsed + since, wallMicros };
}
