import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Note } from '../../shared/events.ts';
import type { Chunk } from '../../shared/session.ts';
import { chunkIndex, PART } from './chunk-name.ts';
import { scanChunk } from './chunk-scan.ts';
import { manifestText, readManifest, writeManifest } from './manifest.ts';
import { mendEvents } from './mend-events.ts';
import { type MendedTrack, mendTrack } from './mend-track.ts';
import type { RecorderMetadata } from './metadata.ts';
import type { RowFacts, RowFormat } from './row-format.ts';
import { type Salvaged, salvage } from './salvage.ts';
import { MANIFEST_NAME } from './session.ts';
import { copyAside } from './set-aside.ts';

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
}

/** The first numbers that were never given away, as far as the metadata knows. */
export type Free = Pick<RecorderMetadata, 'first_free_index' | 'first_free_seq'>;

/** Brings a session's files and what is said of them into agreement. Deletes nothing; may be run again. */
export async function mend(folder: string, format: RowFormat, free: Free): Promise<Mended> {
  const { chunks: listed, badLines, text } = await readManifest(folder);
  const names = await chunkFiles(folder);
  const repairs: Note[] = missing(listed, names);
  const chunks: Chunk[] = [];
  for (const name of names) {
    const chunk = await takeOrSalvage(folder, name, format, listed, repairs);
    if (chunk) chunks.push(chunk);
  }
  await mendManifest(folder, text, manifestText(chunks), badLines, repairs);
  const vehicle = await mendTrack(folder);
  repairs.push(...vehicle.repairs, ...(await mendEvents(folder)));
  const newest = chunks.at(-1);
  const lastRow = newest ? (await scanChunk(join(folder, newest.filename), format)).last : null;
  return { chunks, ...following(listed, chunks, free), lastRow, vehicle, repairs };
}

/** What metadata.json says of a session in this state. */
export function totalsOf({ chunks, lastRow, nextIndex, nextSeq, vehicle }: Mended) {
  return {
    first_free_index: nextIndex,
    first_free_seq: nextSeq,
    total_rows: chunks.reduce((sum, chunk) => sum + chunk.row_count, 0),
    chunk_count: chunks.length,
    size_bytes: chunks.reduce((sum, chunk) => sum + chunk.size_bytes, 0),
    ...(lastRow?.elapsed ? { duration_s: lastRow.elapsed } : {}),
    ...(vehicle.soFar ? { other_files: [vehicle.soFar.part] } : {}),
  };
}

/** Rows of the CSV form carry no seq: there the rows of a recovered chunk are counted on. */
function following(listed: Chunk[], chunks: Chunk[], free: Free) {
  let nextIndex = 0;
  let nextSeq = 0;
  for (const { index, last_seq, row_count } of chunks) {
    nextSeq = last_seq === null ? nextSeq + row_count : last_seq + 1;
    nextIndex = index + 1;
  }
  for (const { index, last_seq } of listed) {
    nextSeq = Math.max(nextSeq, (last_seq ?? -1) + 1);
    nextIndex = Math.max(nextIndex, index + 1);
  }
  return {
    nextIndex: Math.max(nextIndex, free.first_free_index),
    nextSeq: Math.max(nextSeq, free.first_free_seq),
  };
}

const withoutPart = (name: string) => (name.endsWith(PART) ? name.slice(0, -PART.length) : name);

/** Plain files by index; a finalized chunk before a `.part` of the same name. */
async function chunkFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const index = (name: string) => chunkIndex(withoutPart(name)) ?? -1;
  return entries
    .filter((entry) => entry.isFile() && index(entry.name) >= 0)
    .map((entry) => entry.name)
    .sort((a, b) => index(a) - index(b) || a.length - b.length);
}

async function takeOrSalvage(
  folder: string,
  name: string,
  format: RowFormat,
  listed: Chunk[],
  repairs: Note[],
): Promise<Chunk | null> {
  const before = listed.find(({ filename }) => filename === name);
  const newest = before !== undefined && before === listed.at(-1);
  if (before && (await isWhole(join(folder, name), before, newest, format))) return before;
  const salvaged = await salvage(join(folder, name), format);
  repairs.push(describe(name, before, salvaged));
  return salvaged.chunk;
}

/** By its size; the newest one, which the crash may have caught, by its bytes. */
async function isWhole(path: string, chunk: Chunk, newest: boolean, format: RowFormat) {
  if ((await stat(path)).size !== chunk.size_bytes) return false;
  if (!newest) return true;
  const scan = await scanChunk(path, format);
  return scan.sha256 === chunk.sha256 && scan.bad.length === 0;
}

function describe(name: string, before: Chunk | undefined, salvaged: Salvaged): Note {
  const { scan, tornBytes } = salvaged;
  const detail = `${name} was not finalized properly: ${inWords(salvaged)}`;
  const found = { detail, file: name, rows: scan.rows, torn_bytes: tornBytes };
  if (before === undefined) return { kind: 'chunk_recovered', ...found };
  const { row_count: rows_before, sha256: sha256_before } = before;
  return { kind: 'chunk_damaged', ...found, rows_before, sha256_before };
}

function inWords({ chunk, scan, tornBytes, keptAside }: Salvaged): string {
  if (chunk === null && scan.rows > 0) {
    return `its ${scan.rows} rows are kept as ${keptAside}, since a finalized chunk has its name.`;
  }
  const kept = chunk ? `${scan.rows} rows are in ${chunk.filename}.` : 'No whole row was in it.';
  const aside = keptAside ? ` ${tornBytes} bytes that are no whole rows are in ${keptAside}.` : '';
  return kept + aside;
}

function missing(listed: Chunk[], names: string[]): Note[] {
  return listed
    .filter(({ filename }) => !names.includes(filename))
    .map(({ filename, row_count, sha256 }) => ({
      kind: 'chunk_missing',
      detail: `${filename} stands in the manifest but not on the disk: its ${row_count} rows are missing.`,
      file: filename,
      rows: row_count,
      sha256,
    }));
}

/** Lines that could not be read, or that hold no longer, are kept aside. */
async function mendManifest(
  folder: string,
  before: string,
  after: string,
  badLines: number,
  repairs: Note[],
): Promise<void> {
  if (before === after) return;
  if (badLines > 0 || !after.startsWith(before)) {
    const kept = await copyAside(join(folder, MANIFEST_NAME));
    const why = badLines > 0 ? `${badLines} lines could not be read` : 'it did not fit the chunks';
    const detail = `The manifest was rebuilt, since ${why}; the old one is ${kept}.`;
    repairs.push({ kind: 'manifest_rebuilt', detail, lines: badLines });
  }
  await writeManifest(folder, after);
}
