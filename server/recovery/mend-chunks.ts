import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Note } from '../../shared/events.ts';
import type { Chunk } from '../../shared/session.ts';
import { isUnreadable } from '../files/storage-error.ts';
import { PART } from '../format/chunk-name.ts';
import { scanChunk } from '../format/chunk-scan.ts';
import type { RowFormat } from '../format/row-format.ts';
import { type Salvaged, salvage } from './salvage.ts';

export interface ChunksToMend {
  folder: string;
  format: RowFormat;
  /** What the manifest says, sorted by index. */
  listed: readonly Chunk[];
  /** Files of the folder that are chunks, finished or not, by index. */
  names: readonly string[];
  /** Chunks that are read, and not only measured. */
  doubted: ReadonlySet<string>;
  /** Nothing was being written when it was left: what is whole was finalized. */
  wasClosed: boolean;
}

export interface MendedChunks {
  /** What is finalized now and can be read, sorted by index. */
  chunks: Chunk[];
  /** What the manifest says of chunks of which nothing can be read. */
  unreadable: Chunk[];
  /** Whole chunks that were in no manifest. */
  relisted: number;
  repairs: Note[];
}

/** Makes of each file what can be made of it. */
export async function mendChunks(plan: ChunksToMend): Promise<MendedChunks> {
  const names = new Set(plan.names);
  const listed = new Map(plan.listed.map((chunk) => [chunk.filename, chunk]));
  const gone = plan.listed.filter(({ filename }) => !names.has(filename));
  const mended: MendedChunks = {
    ...{ chunks: [], unreadable: [], relisted: 0, repairs: gone.map(missing) },
  };
  for (const name of plan.names) await mendFile(plan, name, listed.get(name), mended);
  return mended;
}

async function mendFile(
  plan: ChunksToMend,
  name: string,
  before: Chunk | undefined,
  mended: MendedChunks,
): Promise<void> {
  if (before && (await isWhole(plan, before))) {
    mended.chunks.push(before);
    return;
  }
  const salvaged = await salvage(join(plan.folder, name), plan.format);
  if (salvaged.chunk) mended.chunks.push(salvaged.chunk);
  if (salvaged.isUnreadable && before) mended.unreadable.push(before);
  if (plan.wasClosed && !before && isSound(name, salvaged)) mended.relisted += 1;
  else mended.repairs.push(describe(name, before, salvaged));
}

/** By its size; by its bytes the newest one, which a crash may have caught, and where there is doubt. */
async function isWhole(plan: ChunksToMend, chunk: Chunk): Promise<boolean> {
  const path = join(plan.folder, chunk.filename);
  if ((await stat(path)).size !== chunk.size_bytes) return false;
  if (chunk !== plan.listed.at(-1) && !plan.doubted.has(chunk.filename)) return true;
  try {
    const scan = await scanChunk(path, plan.format);
    return scan.sha256 === chunk.sha256 && scan.bad.length === 0;
  } catch (error) {
    if (isUnreadable(error)) return false;
    throw error;
  }
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
