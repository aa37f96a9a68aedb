import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chunk } from '../../shared/session.ts';
import { inTurns } from '../files/in-turns.ts';
import { NAMES } from '../files/links.ts';
import { mapConcurrent } from '../files/map-concurrent.ts';
import { isMissing } from '../files/storage-error.ts';
import { chunkIndex, PART } from '../format/chunk-name.ts';
import type { Chunks } from '../format/chunks.ts';

/** What lies in a session's folder, against what its manifest says. */
export interface ChunkFiles {
  /** Chunks of the manifest that are not there with their size, by index; null: not there at all. */
  wrong: { chunk: Chunk; size: number | null }[];
  /** Plain files that are chunks, finished or not, and not in the manifest, by index. */
  unlisted: string[];
  /** The highest index that any of the files has; -1 where there is none. */
  lastIndex: number;
}

/** Looks at the names and sizes of a session's chunks. */
export async function chunkFiles(folder: string, listed: Chunks): Promise<ChunkFiles> {
  const { names, lastIndex } = await namesOf(folder);
  const found: ChunkFiles = { wrong: [], unlisted: [], lastIndex };
  for await (const chunks of inTurns(listed.blocks())) {
    const sizes = await mapConcurrent(chunks, ({ filename }) =>
      names.has(filename) ? sizeOf(join(folder, filename)) : null,
    );
    for (const [at, chunk] of chunks.entries()) {
      const size = sizes[at] ?? null;
      if (size !== chunk.size_bytes) found.wrong.push({ chunk, size });
      names.delete(chunk.filename);
    }
  }
  found.unlisted = [...names].sort(byIndex);
  return found;
}

const withoutPart = (name: string) => (name.endsWith(PART) ? name.slice(0, -PART.length) : name);
const indexOf = (name: string) => chunkIndex(withoutPart(name)) ?? -1;

/** A finalized chunk before a `.part` of the same name. */
export const byIndex = (a: string, b: string) => indexOf(a) - indexOf(b) || a.length - b.length;

async function namesOf(folder: string): Promise<{ names: Set<string>; lastIndex: number }> {
  const found = { names: new Set<string>(), lastIndex: -1 };
  for await (const entry of await opendir(folder, { bufferSize: NAMES })) {
    const index = entry.isFile() ? indexOf(entry.name) : -1;
    if (index < 0) continue;
    found.names.add(entry.name);
    found.lastIndex = Math.max(found.lastIndex, index);
  }
  return found;
}

/** null where there is no such file. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
