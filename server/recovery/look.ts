import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Damage } from '../../shared/damage.ts';
import { parseJson } from '../../shared/json.ts';
import { type SessionEvent, sessionEvent } from '../../shared/session.ts';
import { type SealedPart, VEHICLE_FILE } from '../../shared/vehicle.ts';
import { readOrLost } from '../files/read-text.ts';
import { PART } from '../format/chunk-name.ts';
import type { Chunks } from '../format/chunks.ts';
import { damageIn } from '../format/damage.ts';
import { readManifest } from '../format/manifest.ts';
import { isClosed, type SessionMetadata } from '../format/metadata.ts';
import { EVENTS_NAME, MANIFEST_NAME } from '../format/names.ts';
import { readSealedParts } from '../format/vehicle-manifest.ts';
import { type ChunkFiles, chunkFiles, sizeOf } from './chunk-files.ts';
import { unreadableFiles } from './mend.ts';

/** A session's folder as names and sizes tell of it; no chunk is read. */
export interface Seen {
  /** Chunks that stand in the manifest, and lie there with their size. */
  chunks: Chunks;
  /** What is sealed beside the chunks. */
  otherFiles: SealedPart[];
  events: SessionEvent[];
  /** Chunks that the disk did not give back when they were read. */
  unreadable: string[];
  /** What does not fit together. */
  differences: Damage[];
  /** There is nothing in it that a recorder would leave. */
  isEmpty: boolean;
  /** When the folder was changed, milliseconds since 1970. */
  since: number;
}

/** Looks at what lies in a session's folder. `metadata` is what was read of metadata.json; null: lost. */
export async function lookAt(folder: string, metadata: SessionMetadata | null): Promise<Seen> {
  const unreadable = unreadableFiles(damageIn(metadata ?? {}));
  const [chunks, vehicle, events, { mtimeMs }] = await Promise.all([
    seenChunks(folder),
    seenVehicle(folder),
    seenEvents(folder),
    stat(folder),
  ]);
  const found = [...chunks.differences, ...vehicle.differences, ...events.differences];
  const readable = await chunks.chunks.without(new Set(unreadable));
  return {
    ...{ chunks: readable, otherFiles: vehicle.otherFiles, events: events.events, unreadable },
    differences: [
      ...found,
      ...(found.length === 0 ? wrongTotals(metadata, readable) : lost(metadata)),
    ],
    isEmpty: readable.length === 0 && chunks.differences.length === 0,
    since: mtimeMs,
  };
}

function lost(metadata: SessionMetadata | null): Damage[] {
  if (metadata !== null) return [];
  return [difference('metadata_damaged', 'metadata.json', 'metadata.json can not be read.')];
}

/** What metadata.json says is right once the session has ended. */
function wrongTotals(metadata: SessionMetadata | null, { rows }: Chunks): Damage[] {
  if (metadata === null) return lost(metadata);
  if (!isClosed(metadata) || rows === metadata.total_rows) return [];
  const detail = `metadata.json tells of ${metadata.total_rows} rows; ${rows} are in the chunks.`;
  return [difference('totals_wrong', 'metadata.json', detail)];
}

const difference = (kind: string, file: string, detail: string): Damage => ({ kind, file, detail });

async function seenChunks(folder: string): Promise<Pick<Seen, 'chunks' | 'differences'>> {
  const manifest = await readManifest(folder);
  const { wrong, unlisted } = await chunkFiles(folder, manifest.chunks);
  const isBad = manifest.isUnreadable || manifest.badLines > 0 || !manifest.isWhole;
  const bad = isBad
    ? [difference('manifest_damaged', MANIFEST_NAME, 'Lines of the manifest can not be read.')]
    : [];
  return {
    chunks: await manifest.chunks.without(new Set(wrong.map(({ chunk }) => chunk.filename))),
    differences: [...bad, ...wrong.map(wrongSize), ...unlisted.map(notListed)],
  };
}

function wrongSize({ chunk, size }: ChunkFiles['wrong'][number]): Damage {
  const { filename, size_bytes, row_count } = chunk;
  const lost = `its ${row_count} rows are left out.`;
  if (size === null) {
    return difference('chunk_missing', filename, `${filename} is not on the disk: ${lost}`);
  }
  const detail = `${filename} has ${size} bytes in place of ${size_bytes}: ${lost}`;
  return difference('chunk_damaged', filename, detail);
}

function notListed(name: string): Damage {
  const what = name.endsWith(PART) ? 'is not finalized' : 'is not in the manifest';
  return difference('chunk_unlisted', name, `${name} ${what}: its rows are left out.`);
}

async function seenVehicle(folder: string): Promise<Pick<Seen, 'otherFiles' | 'differences'>> {
  const { parts, badLines, isUnreadable } = await readSealedParts(folder);
  const size = await sizeOf(join(folder, VEHICLE_FILE));
  const part = parts.last;
  if (badLines === 0 && !isUnreadable && size === (part?.size_bytes ?? null)) {
    return { otherFiles: part ? [part] : [], differences: [] };
  }
  const detail = `${VEHICLE_FILE} is not as it was sealed.`;
  const isThere = part !== null && size !== null && size >= part.size_bytes;
  return {
    otherFiles: isThere ? [part] : [],
    differences: [difference('vehicle_damaged', VEHICLE_FILE, detail)],
  };
}

/** One that has ended has at least the event of its beginning. */
async function seenEvents(folder: string): Promise<Pick<Seen, 'events' | 'differences'>> {
  const text = await readOrLost(join(folder, EVENTS_NAME));
  const lines = (text ?? '').split('\n');
  const events = lines.flatMap((line) => sessionEvent.safeParse(parseJson(line)).data ?? []);
  const isWhole = lines.at(-1) === '' && events.length > 0 && events.length === lines.length - 1;
  const detail = 'events.jsonl is missing, or lines of it can not be read.';
  return {
    events,
    differences: isWhole ? [] : [difference('events_damaged', EVENTS_NAME, detail)],
  };
}
