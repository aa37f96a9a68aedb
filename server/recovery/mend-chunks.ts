import { join } from 'node:path';
import type { Note } from '../../shared/events.ts';
import type { Chunk } from '../../shared/session.ts';
import { mapConcurrent } from '../files/map-concurrent.ts';
import { isUnreadable } from '../files/storage-error.ts';
import { PART } from '../format/chunk-name.ts';
import { scanChunk } from '../format/chunk-scan.ts';
import { Chunks } from '../format/chunks.ts';
import type { RowFormat } from '../format/row-format.ts';
import { byIndex, type ChunkFiles } from './chunk-files.ts';
import { type Salvaged, salvage } from './salvage.ts';

export interface ChunksToMend {
  folder: string;
  format: RowFormat;
  /** What the manifest says. */
  listed: Chunks;
  files: ChunkFiles;
  /** Chunks that are read, and not only measured. */
  doubted: ReadonlySet<string>;
  /** Nothing was being written when it was left: what is whole was finalized. */
  wasClosed: boolean;
}

export interface MendedChunks {
  /** What is finalized now and can be read. */
  chunks: Chunks;
  /** What the manifest says of chunks of which nothing can be read. */
  unreadable: Chunk[];
  /** Whole chunks that were in no manifest. */
  relisted: number;
  repairs: Note[];
}

/** What was made of the files that are not as the manifest says. */
interface Made extends Omit<MendedChunks, 'chunks'> {
  salvaged: Chunk[];
}

/** Makes of each file what can be made of it. */
export async function mendChunks(plan: ChunksToMend): Promise<MendedChunks> {
  const { wrong, unlisted } = plan.files;
  const gone = wrong.flatMap(({ chunk, size }) => (size === null ? [chunk] : []));
  const broken = new Map(wrong.map(({ chunk }) => [chunk.filename, chunk]));
  for (const chunk of await brokenInside(plan)) broken.set(chunk.filename, chunk);
  const made: Made = { salvaged: [], unreadable: [], relisted: 0, repairs: gone.map(missing) };
  const left = await plan.listed.without(new Set(broken.keys()));
  for (const { filename } of gone) broken.delete(filename);
  const names = [...broken.keys(), ...unlisted].sort(byIndex);
  for (const name of names) await mendFile(plan, name, broken.get(name), made);
  const { salvaged, ...rest } = made;
  return { ...rest, chunks: together(left, salvaged) };
}

/** Of those with their size: the newest, which a crash may have caught, and where there is doubt. */
async function brokenInside({ folder, format, listed, files, doubted }: ChunksToMend) {
  const suspects = new Set([...doubted, listed.last?.filename ?? '']);
  for (const { chunk } of files.wrong) suspects.delete(chunk.filename);
  const chunks = [...suspects].flatMap((name) => listed.find(name) ?? []);
  const areWhole = await mapConcurrent(chunks, (chunk) => isWhole(folder, format, chunk));
  return chunks.filter((_, at) => !areWhole[at]);
}

async function isWhole(folder: string, format: RowFormat, chunk: Chunk): Promise<boolean> {
  try {
    const scan = await scanChunk(join(folder, chunk.filename), format);
    return scan.sha256 === chunk.sha256 && scan.bad.length === 0;
  } catch (error) {
    if (isUnreadable(error)) return false;
    throw error;
  }
}

async function mendFile(
  plan: ChunksToMend,
  name: string,
  before: Chunk | undefined,
  made: Made,
): Promise<void> {
  const salvaged = await salvage(join(plan.folder, name), plan.format);
  if (salvaged.chunk) made.salvaged.push(salvaged.chunk);
  if (salvaged.isUnreadable && before) made.unreadable.push(before);
  if (plan.wasClosed && !before && isSound(name, salvaged)) made.relisted += 1;
  else made.repairs.push(describe(name, before, salvaged));
}

/** Mostly it is the last one that was interrupted. */
function together(left: Chunks, salvaged: readonly Chunk[]): Chunks {
  const end = left.last?.index ?? -1;
  const isBehind = salvaged.every(({ index }) => index > end);
  if (!isBehind) return Chunks.of([...left, ...salvaged].sort((a, b) => a.index - b.index));
  const all = left.copy();
  for (const chunk of salvaged) all.add(chunk);
  return all;
}

function isSound(name: string, { chunk, tornBytes }: Salvaged): boolean {
  return chunk !== null && tornBytes === 0 && !name.endsWith(PART);
}

function describe(name: string, before: Chunk | undefined, salvaged: Salvaged): Note {
  const { scan, tornBytes, isUnreadable } = salvaged;
  if (isUnreadable) return unreadable(name, before?.row_count ?? 0);
  const rows = before ? `${before.row_count} rows were in it. ` : '';
  const what = before ? 'is not as it was finalized' : 'was not finalized properly';
  const detail = `${name} ${what}: ${rows}${inWords(salvaged)}`;
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

function unreadable(file: string, rows: number): Note {
  const detail = `The disk gives back nothing of ${file}: its ${rows} rows are missing. It stays there, and the next start tries again.`;
  return { kind: 'chunk_unreadable', detail, file, rows };
}

function missing({ filename, row_count, sha256 }: Chunk): Note {
  const detail = `${filename} stands in the manifest but not on the disk: its ${row_count} rows are missing.`;
  return { kind: 'chunk_missing', detail, file: filename, rows: row_count, sha256 };
}
