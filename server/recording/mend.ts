import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chunk } from '../../shared/session.ts';
import { chunkIndex, PART } from './chunk-name.ts';
import { scanChunk } from './chunk-scan.ts';
import { readManifest, writeManifest } from './manifest.ts';
import type { RowFacts, RowFormat } from './row-format.ts';
import { type Salvaged, salvage } from './salvage.ts';
import { MANIFEST_NAME, type Note } from './session.ts';
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
  /** What was done, as notes for events.jsonl. */
  repairs: Note[];
}

/** Brings a session's chunks and manifest into agreement. Deletes nothing; may be run again. */
export async function mend(folder: string, format: RowFormat): Promise<Mended> {
  const { chunks: listed, badLines } = await readManifest(folder);
  const names = await chunkFiles(folder);
  const repairs: Note[] = missing(listed, names);
  const chunks: Chunk[] = [];
  for (const name of names) {
    const chunk = await takeOrSalvage(folder, name, format, listed, repairs);
    if (chunk) chunks.push(chunk);
  }
  await mendManifest(folder, listed, chunks, badLines, repairs);
  const newest = chunks.at(-1);
  const lastRow = newest ? (await scanChunk(join(folder, newest.filename), format)).last : null;
  return { chunks, ...following(listed, chunks), lastRow, repairs };
}

/** What metadata.json says of a session in this state. */
export function totalsOf({ chunks, lastRow }: Mended) {
  return {
    total_rows: chunks.reduce((sum, chunk) => sum + chunk.row_count, 0),
    chunk_count: chunks.length,
    size_bytes: chunks.reduce((sum, chunk) => sum + chunk.size_bytes, 0),
    ...(lastRow?.elapsed ? { duration_s: lastRow.elapsed } : {}),
  };
}

/** Rows of the CSV form carry no seq: there the rows of a recovered chunk are counted on. */
function following(listed: Chunk[], chunks: Chunk[]): { nextIndex: number; nextSeq: number } {
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
  return { nextIndex, nextSeq };
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
  const { chunk, scan, tornBytes, keptAside } = salvaged;
  const kept = chunk ? `${scan.rows} rows are in ${chunk.filename}.` : 'No whole row was in it.';
  const aside = keptAside ? ` ${tornBytes} bytes that are no whole rows are in ${keptAside}.` : '';
  return {
    kind: before ? 'chunk_damaged' : 'chunk_recovered',
    detail: `${name} was not finalized properly: ${kept}${aside}`,
    file: name,
    rows: scan.rows,
    torn_bytes: tornBytes,
    ...(before ? { rows_before: before.row_count, sha256_before: before.sha256 } : {}),
  };
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

/** A manifest that was cut is kept aside before it is written anew. */
async function mendManifest(
  folder: string,
  listed: Chunk[],
  chunks: Chunk[],
  badLines: number,
  repairs: Note[],
): Promise<void> {
  const agrees = JSON.stringify(listed) === JSON.stringify(chunks);
  if (agrees && badLines === 0) return;
  if (badLines > 0) {
    const kept = await copyAside(join(folder, MANIFEST_NAME));
    const detail = `${badLines} lines of the manifest could not be read: it was rebuilt, the old one is ${kept}.`;
    repairs.push({ kind: 'manifest_rebuilt', detail, lines: badLines });
  }
  await writeManifest(folder, chunks);
}
