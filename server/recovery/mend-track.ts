import { createHash, type Hash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isoMicros } from '../../shared/clock.ts';
import type { Note } from '../../shared/events.ts';
import { type SealedPart, VEHICLE_FILE, VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import { readableBlocks } from '../files/readable-blocks.ts';
import { cutOut, exists, setAside } from '../files/set-aside.ts';
import { isSystemError, reasonOf } from '../files/storage-error.ts';
import { type ChunkScan, type ScanStart, scanChunk } from '../format/chunk-scan.ts';
import type { MendedTrack } from '../format/found.ts';
import { PackedList } from '../format/packed-list.ts';
import type { RowFacts } from '../format/row-format.ts';
import { mendSealedParts, readSealedParts, type SealedParts } from '../format/vehicle-manifest.ts';
import { VEHICLE_ROWS } from '../format/vehicle-rows.ts';

/** No line of it is longer. */
const LINE_BYTES = 4096;

const NOTHING: MendedTrack = { soFar: null, problem: null, repairs: [] };

/**
 * Brings vehicle.jsonl and what is said to be sealed of it into agreement, and seals all of
 * it. Deletes nothing; may be run again. What the disk refuses keeps only this file from going on.
 */
export async function mendTrack(folder: string): Promise<MendedTrack> {
  try {
    return await mended(folder);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const problem = `${VEHICLE_FILE} could not be mended: ${reasonOf(error)}. The next start tries again.`;
    return { soFar: null, problem, repairs: [{ kind: 'vehicle_unmended', detail: problem }] };
  }
}

async function mended(folder: string): Promise<MendedTrack> {
  const path = join(folder, VEHICLE_FILE);
  const listed = await readSealedParts(folder);
  if (!(await exists(path))) return listed.size === 0 ? NOTHING : lost(folder, listed, null);
  const sealed = listed.parts.last;
  const trusted = sealed && (await hashOfPart(path, sealed));
  const start = trusted && { at: sealed.size_bytes, hash: trusted };
  const scan = await scanChunk(path, VEHICLE_ROWS, start ?? undefined);
  if (start === null && scan.rows === 0) return lost(folder, listed, await setAside(path));
  return kept(folder, listed, scan, start);
}

/** Has taken the sealed part's bytes; null where they are not those that were sealed. */
async function hashOfPart(path: string, { size_bytes, sha256 }: SealedPart): Promise<Hash | null> {
  const hash = createHash('sha256');
  for await (const block of readableBlocks(path, { end: size_bytes })) hash.update(block);
  return hash.copy().digest('hex') === sha256 ? hash : null;
}

/** Whole rows stay; what is none goes into a `.torn` beside it. */
async function kept(
  folder: string,
  listed: SealedParts,
  scan: ChunkScan,
  start: ScanStart | null,
): Promise<MendedTrack> {
  const path = join(folder, VEHICLE_FILE);
  const aside = scan.bad.length > 0 ? await cutOut(path, scan) : null;
  const { size, mtimeMs } = await stat(path);
  const before = start ? listed.parts : new PackedList<SealedPart>();
  const { last } = before;
  const part: SealedPart = {
    ...{ filename: VEHICLE_FILE, size_bytes: size, row_count: (last?.row_count ?? 0) + scan.rows },
    ...{ sha256: scan.sha256, sealed_at: isoMicros(Math.floor(mtimeMs * 1000)) },
  };
  const isSealed = last?.size_bytes === size;
  const parts = before.copy();
  if (!isSealed) parts.add(part);
  await mendSealedParts(folder, listed, parts);
  const soFar = { part: parts.last ?? part, hash: scan.hash, lastRow: await lastRowOf(path) };
  const isWhole = isSealed && listed.badLines === 0 && !listed.isUnreadable && aside === null;
  return { soFar, problem: null, repairs: isWhole ? [] : [describe(listed, start, scan, aside)] };
}

/** Not one row is left of it. */
async function lost(
  folder: string,
  listed: SealedParts,
  aside: string | null,
): Promise<MendedTrack> {
  if (listed.size > 0) await setAside(join(folder, VEHICLE_MANIFEST));
  const rows = listed.parts.last?.row_count ?? 0;
  const where = aside === null ? 'is missing' : `holds no whole row (kept as ${aside})`;
  const detail = `${VEHICLE_FILE} ${where}: ${rows} rows that were sealed are lost.`;
  return { ...NOTHING, repairs: [{ kind: 'vehicle_missing', detail, rows_before: rows }] };
}

function describe(
  { parts }: SealedParts,
  start: ScanStart | null,
  scan: ChunkScan,
  aside: string | null,
): Note {
  const sealed = start === null ? parts.last : null;
  const torn_bytes = scan.bad.reduce((sum, { start: from, end }) => sum + end - from, 0);
  const found = `${scan.rows} rows were found and sealed.`;
  const rest = aside === null ? '' : ` ${torn_bytes} bytes that are no whole rows are in ${aside}.`;
  const facts = { rows: scan.rows, torn_bytes };
  if (sealed === null) {
    const detail = `${VEHICLE_FILE} was not sealed to its end: ${found}${rest}`;
    return { kind: 'vehicle_recovered', detail, ...facts };
  }
  const detail = `${VEHICLE_FILE} is not as it was sealed: ${found}${rest}`;
  const before = { rows_before: sealed.row_count, sha256_before: sealed.sha256 };
  return { kind: 'vehicle_damaged', detail, ...facts, ...before };
}

/** Read from the end: the file may be long. */
async function lastRowOf(path: string): Promise<RowFacts | null> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(LINE_BYTES, size));
    await handle.read(bytes, 0, bytes.length, size - bytes.length);
    return VEHICLE_ROWS.read(bytes.toString('utf8').split('\n').at(-2) ?? '');
  } finally {
    await handle.close();
  }
}
