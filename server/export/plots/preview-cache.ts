import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { Bins } from './preview-bins.ts';
import type { Spacing } from './spacing.ts';

/** What is kept of a chunk; `sha256` is the chunk's. */
export interface ChunkBins {
  sha256: string;
  bins: Bins;
  damagedLines: number;
  spacing: Spacing;
}

/** A bin as it is stored: number, count, min, max, sum, microseconds of the first reading. */
type StoredBin = [number, number, number, number, number, number];

interface StoredChunk {
  sha256: string;
  damaged_lines: number;
  width: number;
  bins: StoredBin[];
  spacing: Spacing;
}

/** Reading in one go what is kept of this many chunks takes less than a millisecond. */
const LINES_PER_TURN = 16;

/**
 * Adds a chunk's bins to a cache file: a line with a check sum before it. The
 * line feed comes first, so that a line torn by a power cut spoils no other.
 */
export async function appendBins(path: string, chunk: ChunkBins): Promise<void> {
  const stored: StoredChunk = {
    sha256: chunk.sha256,
    damaged_lines: chunk.damagedLines,
    spacing: chunk.spacing,
    width: chunk.bins.width,
    bins: [...chunk.bins.entries].map(([number, bin]) => [
      number,
      bin.count,
      bin.min,
      bin.max,
      bin.sum,
      bin.firstMicros,
    ]),
  };
  const json = JSON.stringify(stored);
  await appendFile(path, `\n${withCheckSum(json)}`);
}

/** The chunks of a cache file by SHA-256; damaged lines, or a missing file, hold none. */
export async function readBins(path: string): Promise<Map<string, ChunkBins>> {
  const chunks = new Map<string, ChunkBins>();
  const lines = (await textOf(path)).split('\n');
  for (const [at, line] of lines.entries()) {
    const chunk = parseLine(line);
    if (chunk !== null) chunks.set(chunk.sha256, chunk);
    if (at % LINES_PER_TURN === 0) await turn();
  }
  return chunks;
}

/** '' where there is no such file. */
export async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function parseLine(line: string): ChunkBins | null {
  const json = checkedJson(line);
  if (json === null) return null;
  const stored = JSON.parse(json) as Partial<StoredChunk> & Omit<StoredChunk, 'spacing'>;
  // A line of an earlier version does not tell where readings are missing: its chunk is read again.
  if (stored.spacing === undefined) return null;
  const bins = new Bins(stored.width);
  for (const [number, count, min, max, sum, firstMicros] of stored.bins) {
    bins.merge(number, stored.width, { count, min, max, sum, firstMicros });
  }
  const { sha256, damaged_lines: damagedLines, spacing } = stored;
  return { sha256, bins, damagedLines, spacing };
}

/** JSON text with its check sum before it, for a cache that a power cut may tear. */
export function withCheckSum(json: string): string {
  return `${checkSum(json)} ${json}`;
}

/** Null where the check sum is not that of the text: what passes is what was written. */
export function checkedJson(text: string): string | null {
  const space = text.indexOf(' ');
  const json = text.slice(space + 1);
  return space < 0 || text.slice(0, space) !== checkSum(json) ? null : json;
}

function checkSum(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, 16);
}
