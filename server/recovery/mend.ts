import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Damage } from '../../shared/damage.ts';
import type { Note } from '../../shared/events.ts';
import type { Chunk } from '../../shared/session.ts';
import { chunkIndex, PART } from '../format/chunk-name.ts';
import { scanReadable } from '../format/chunk-scan.ts';
import { damageIn, damageOf, listed as listedDamage } from '../format/damage.ts';
import type { MendedTrack } from '../format/found.ts';
import { readManifest } from '../format/manifest.ts';
import { isClosed, type RecorderMetadata } from '../format/metadata.ts';
import type { RowFacts, RowFormat } from '../format/row-format.ts';
import { type MendedChunks, mendChunks } from './mend-chunks.ts';
import { mendEvents } from './mend-events.ts';
import { isDamaged, mendManifest } from './mend-manifest.ts';
import { mendTrack } from './mend-track.ts';

/** A session's folder after mending. */
export interface Mended {
  /** What is finalized now, sorted by index. */
  chunks: Chunk[];
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
  const names = await chunkFiles(folder);
  const told = damageIn(before);
  const files = await mendChunks({
    ...{ folder, format, listed: manifest.chunks, names, wasClosed },
    doubted: new Set([...doubted, ...unreadableFiles(told)]),
  });
  const { chunks } = files;
  const repairs = files.repairs.filter((note) => !isTold(note, told));
  repairs.push(...(await mendManifest(folder, manifest, files, wasClosed)));
  if (wasClosed) repairs.push(...rowsMissing(before.total_rows, files, manifest.chunks));
  const vehicle = await mendTrack(folder);
  repairs.push(...vehicle.repairs, ...(await mendEvents(folder, wasClosed)));
  const lastRow = await lastRowOf(folder, chunks, format);
  const numbers = following(manifest.chunks, chunks, names, before);
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
    total_rows: chunks.reduce((sum, chunk) => sum + chunk.row_count, 0),
    chunk_count: chunks.length,
    size_bytes: chunks.reduce((sum, chunk) => sum + chunk.size_bytes, 0),
    ...(lastRow?.elapsed ? { duration_s: lastRow.elapsed } : {}),
    ...(vehicle.soFar ? { other_files: [vehicle.soFar.part] } : {}),
    ...(damage.length > 0 ? { damage } : {}),
  };
}

/** Rows of the CSV form carry no seq: there the rows of a recovered chunk are counted on. */
function following(
  listed: readonly Chunk[],
  chunks: readonly Chunk[],
  names: readonly string[],
  free: Before,
) {
  let nextSeq = 0;
  for (const { last_seq, row_count } of chunks) {
    nextSeq = last_seq === null ? nextSeq + row_count : last_seq + 1;
  }
  for (const { last_seq } of listed) nextSeq = Math.max(nextSeq, (last_seq ?? -1) + 1);
  const last = Math.max(
    listed.at(-1)?.index ?? -1,
    chunks.at(-1)?.index ?? -1,
    indexOf(names.at(-1)),
  );
  return {
    nextIndex: Math.max(last + 1, free.first_free_index),
    nextSeq: Math.max(nextSeq, free.first_free_seq),
  };
}

const withoutPart = (name: string) => (name.endsWith(PART) ? name.slice(0, -PART.length) : name);
const indexOf = (name = '') => chunkIndex(withoutPart(name)) ?? -1;

/** Plain files by index; a finalized chunk before a `.part` of the same name. */
export async function chunkFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && indexOf(entry.name) >= 0)
    .map((entry) => entry.name)
    .sort((a, b) => indexOf(a) - indexOf(b) || a.length - b.length);
}

async function lastRowOf(
  folder: string,
  chunks: readonly Chunk[],
  format: RowFormat,
): Promise<RowFacts | null> {
  const newest = chunks.at(-1);
  return newest ? (await scanReadable(join(folder, newest.filename), format)).last : null;
}

/** Chunks that could not be read when it was last tried. */
export const unreadableFiles = (told: readonly Damage[]) =>
  told.flatMap(({ kind, file }) => (kind === 'chunk_unreadable' && file ? [file] : []));

/** That a file still can't be read is no news. */
function isTold(note: Note, told: readonly Damage[]): boolean {
  return note.kind === 'chunk_unreadable' && unreadableFiles(told).includes(note.file);
}

/** Where the manifest was lost, the rows of a chunk that was lost too are still counted. */
function rowsMissing(totalBefore: number, files: MendedChunks, listed: readonly Chunk[]): Note[] {
  const sum = (chunks: readonly Chunk[]) =>
    chunks.reduce((all, { row_count }) => all + row_count, 0);
  const explained = sum(listed) - sum(files.chunks);
  const rows = totalBefore - sum(files.chunks) - Math.max(0, explained);
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
