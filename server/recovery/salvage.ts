import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isoMicros } from '../../shared/clock.ts';
import type { Chunk } from '../../shared/session.ts';
import { renameDurably } from '../files/durable-file.ts';
import { cutOut, exists, setAside } from '../files/set-aside.ts';
import { chunkIndex, PART } from '../format/chunk-name.ts';
import { type ChunkScan, scanReadable, timestampOf } from '../format/chunk-scan.ts';
import type { RowFormat } from '../format/row-format.ts';

/** What became of one file. */
export interface Salvaged {
  /** null where not one row was left, or its name is taken. */
  chunk: Chunk | null;
  scan: ChunkScan;
  tornBytes: number;
  /** Name of the file with what is no whole row; null where all was good. */
  keptAside: string | null;
  /** Nothing of it can be read: it stays where it is, for the disk may give it back. */
  isUnreadable: boolean;
}

const NOTHING_READ: Omit<Salvaged, 'scan'> = {
  ...{ chunk: null, tornBytes: 0, keptAside: null, isUnreadable: true },
};

const READ = { isUnreadable: false };

/**
 * Makes a finalized chunk of a `.part`, or of a chunk that a crash damaged: whole rows
 * stay, the rest goes into a `.torn` beside it. Nothing is deleted: a `.part` beside a
 * finalized chunk of its name is kept aside as a whole.
 */
export async function salvage(path: string, format: RowFormat): Promise<Salvaged> {
  const finalPath = path.endsWith(PART) ? path.slice(0, -PART.length) : path;
  const scan = await scanReadable(path, format);
  if (scan.unreadable > 0 && scan.unreadable === scan.size) return { ...NOTHING_READ, scan };
  const tornBytes = scan.bad.reduce((sum, { start, end }) => sum + end - start, 0);
  const isTaken = path !== finalPath && (await exists(finalPath));
  if (scan.rows === 0 || isTaken) {
    return { ...READ, chunk: null, scan, tornBytes, keptAside: await setAside(path) };
  }
  const keptAside = tornBytes > 0 ? await cutOut(path, scan) : null;
  if (path !== finalPath) await renameDurably(path, finalPath);
  return { ...READ, chunk: await entryOf(finalPath, scan), scan, tornBytes, keptAside };
}

async function entryOf(finalPath: string, scan: ChunkScan): Promise<Chunk> {
  const { mtimeMs, size } = await stat(finalPath);
  return {
    index: chunkIndex(basename(finalPath)) ?? 0,
    filename: basename(finalPath),
    size_bytes: size,
    row_count: scan.rows,
    sha256: scan.sha256,
    created_at: isoMicros(Math.floor(mtimeMs * 1000)),
    first_timestamp: scan.first && timestampOf(scan.first),
    last_timestamp: scan.last && timestampOf(scan.last),
    first_seq: scan.first?.seq ?? null,
    last_seq: scan.last?.seq ?? null,
  };
}
