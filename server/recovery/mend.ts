import { join } from 'node:path';
import type { Damage } from '../../shared/damage.ts';
import type { Note } from '../../shared/events.ts';
import { inTurns } from '../files/in-turns.ts';
import { scanReadable } from '../format/chunk-scan.ts';
import type { Chunks } from '../format/chunks.ts';
import { damageIn, damageOf, listed as listedDamage } from '../format/damage.ts';
import type { MendedTrack } from '../format/found.ts';
import { readManifest } from '../format/manifest.ts';
import { isClosed, type RecorderMetadata } from '../format/metadata.ts';
import type { RowFacts, RowFormat } from '../format/row-format.ts';
import { chunkFiles } from './chunk-files.ts';
import { type MendedChunks, mendChunks } from './mend-chunks.ts';
import { mendEvents } from './mend-events.ts';
import { isDamaged, mendManifest } from './mend-manifest.ts';
import { mendTrack } from './mend-track.ts';

/** A session's folder after mending. */
export interface Mended {
  /** What is finalized now. */
  chunks: Chunks;
  /** Numbers that were never given to a chunk or a row, lost ones included. */
  nextIndex: number;
  nextSeq: number;
  /** The newest row on disk. */
  lastRow: RowFacts | null;
  vehicle: MendedTrack;
  /** What was done, as notes for events.jsonl. */
  repairs: Note[];
  /** What is not as it was recorded, found now or before. */
  damage: Damage[];
}

/** What metadata.json says of it before, as far as it matters here. */
export type Before = Pick<
  RecorderMetadata,
  | 'first_free_index'
  | 'first_free_seq'
  | 'state'
  | 'needs_recovery'
  | 'total_rows'
  | 'damage'
  | 'schema_version'
>;

/** Brings a session's files and what is said of them into agreement. Deletes nothing; may be run again. */
export async function mend(
  folder: string,
  format: RowFormat,
  before: Before,
  doubted: ReadonlySet<string> = new Set(),
): Promise<Mended> {
  const wasClosed = isClosed(before);
  const manifest = await readManifest(folder);
  const onDisk = await chunkFiles(folder, manifest.chunks);
  const told = damageIn(before);
  const files = await mendChunks({
    ...{ folder, format, listed: manifest.chunks, files: onDisk, wasClosed },
    doubted: new Set([...doubted, ...unreadableFiles(told)]),
  });
  const { chunks } = files;
  const repairs = files.repairs.filter((note) => !isTold(note, told));
  repairs.push(...(await mendManifest(folder, manifest, files, wasClosed)));
  if (wasClosed) repairs.push(...rowsMissing(before.total_rows, files, manifest.chunks));
  const vehicle = await mendTrack(folder);
  repairs.push(...vehicle.repairs, ...(await mendEvents(folder, wasClosed)));
  const lastRow = await lastRowOf(folder, chunks, format);
  const numbers = await following(manifest.chunks, chunks, onDisk.lastIndex, before);
  const isManifestDamaged = wasClosed && isDamaged(manifest, files.relisted);
  const found = repairs.filter(({ kind }) => !isTrace(kind, wasClosed, isManifestDamaged));
  const damage = damageNow(told, found, files, vehicle);
  return { chunks, ...numbers, lastRow, vehicle, repairs, damage };
}

/** What metadata.json says of a session in this state. */
export function totalsOf({ chunks, lastRow, nextIndex, nextSeq, vehicle, damage }: Mended) {
  return {
    first_free_index: nextIndex,
    first_free_seq: nextSeq,
    total_rows: chunks.rows,
    chunk_count: chunks.length,
    size_bytes: chunks.sizeBytes,
    ...(lastRow?.elapsed ? { duration_s: lastRow.elapsed } : {}),
    ...(vehicle.soFar ? { other_files: [vehicle.soFar.part] } : {}),
    ...(damage.length > 0 ? { damage } : {}),
  };
}

/** Rows of the CSV form carry no seq: there the rows of a recovered chunk are counted on. */
async function following(listed: Chunks, chunks: Chunks, lastIndex: number, free: Before) {
  let nextSeq = 0;
  for await (const some of inTurns(chunks.blocks())) {
    for (const { last_seq, row_count } of some) {
      nextSeq = last_seq === null ? nextSeq + row_count : last_seq + 1;
    }
  }
  for await (const some of inTurns(listed.blocks())) {
    for (const { last_seq } of some) nextSeq = Math.max(nextSeq, (last_seq ?? -1) + 1);
  }
  const last = Math.max(listed.last?.index ?? -1, chunks.last?.index ?? -1, lastIndex);
  return {
    nextIndex: Math.max(last + 1, free.first_free_index),
    nextSeq: Math.max(nextSeq, free.first_free_seq),
  };
}

async function lastRowOf(
  folder: string,
  { last }: Chunks,
  format: RowFormat,
): Promise<RowFacts | null> {
  return last ? (await scanReadable(join(folder, last.filename), format)).last : null;
}

/** Chunks that could not be read when it was last tried. */
export const unreadableFiles = (told: readonly Damage[]) =>
  told.flatMap(({ kind, file }) => (kind === 'chunk_unreadable' && file ? [file] : []));

/** That a file still can't be read is no news. */
function isTold(note: Note, told: readonly Damage[]): boolean {
  return note.kind === 'chunk_unreadable' && unreadableFiles(told).includes(note.file);
}

/** Where the manifest was lost, the rows of a chunk that was lost too are still counted. */
function rowsMissing(totalBefore: number, { chunks }: MendedChunks, listed: Chunks): Note[] {
  const explained = listed.rows - chunks.rows;
  const rows = totalBefore - chunks.rows - Math.max(0, explained);
  if (rows <= 0) return [];
  const detail = `${rows} rows of the session are in no chunk that is left.`;
  return [{ kind: 'rows_missing', detail, rows }];
}

/** Half a line is the trace of any kill; and a manifest that fits no more tells of chunks, not of itself. */
function isTrace(kind: Note['kind'], wasClosed: boolean, isManifestDamaged: boolean): boolean {
  if (kind === 'manifest_rebuilt') return !isManifestDamaged;
  return kind === 'events_mended' && !wasClosed;
}

/** What can be read again, or was mended after all, is whole. */
function damageNow(
  told: readonly Damage[],
  repairs: readonly Note[],
  { unreadable }: MendedChunks,
  vehicle: MendedTrack,
): Damage[] {
  const names = unreadable.map(({ filename }) => filename);
  const stays = ({ kind, file }: Damage) => {
    if (kind === 'chunk_unreadable') return names.includes(file ?? '');
    return kind !== 'vehicle_unmended' || vehicle.problem !== null;
  };
  return listedDamage([...told.filter(stays), ...damageOf(repairs)]);
}
