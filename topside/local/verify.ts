import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ANNOTATIONS_FILE } from '../../shared/annotations.ts';
import { README, SCHEMA_FOLDER } from '../../shared/archive/readme.ts';
import { type Chunk, MIRRORED_NAME, sessionId } from '../../shared/session.ts';
import { VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import {
  DOWNLOAD,
  EVENTS,
  isChunkName,
  joinedName,
  MANIFEST,
  METADATA,
  PART,
  REPORT,
  TAIL,
  TAIL_KEPT,
  type Wanted,
} from '../layout.ts';
import { csvOf } from './joined-csv.ts';
import { type LocalSession, readLocalSession } from './local-session.ts';
import { othersOf } from './other-parts.ts';
import { fileSha256 } from './partial-file.ts';

export interface Fault {
  session_id: string;
  kind: 'missing' | 'damaged' | 'extra' | 'seq_hole' | 'unfinished';
  /** What exactly, in words. */
  detail: string;
}

export interface Checked {
  sessions: number;
  chunks: number;
  bytes: number;
  faults: Fault[];
  /** Sessions of which rows are here that the vehicle itself has lost: no fault of the mirror. */
  rescued: string[];
}

/** What a session's folder may hold besides its chunks. */
const BESIDES = [
  ...[MANIFEST, EVENTS, METADATA, joinedName('csv'), joinedName('parquet')],
  ...[MIRRORED_NAME, TAIL_KEPT, VEHICLE_MANIFEST, README, SCHEMA_FOLDER, REPORT, ANNOTATIONS_FILE],
];

/** Reads every byte of a mirror and holds it against its manifests. Changes nothing. */
export async function verify(folder: string): Promise<Checked> {
  const total: Checked = { sessions: 0, chunks: 0, bytes: 0, faults: [], rescued: [] };
  for (const name of (await readdir(folder)).sort()) {
    if (!sessionId.safeParse(name).success) continue;
    const local = await readLocalSession(join(folder, name));
    total.sessions += 1;
    total.chunks += local.manifest.length;
    const listed = [...local.manifest, ...local.otherFiles];
    total.bytes += listed.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
    const place = join(folder, name);
    const broken = await fileFaults(place, local);
    const joined = broken.length === 0 ? await joinedFaults(place, local) : [];
    const details = [
      ...sessionFaults(local),
      ...holes(local),
      ...broken,
      ...joined,
      ...otherFaults(local),
      ...extras(local),
    ];
    if (local.sizes.has(TAIL_KEPT)) total.rescued.push(name);
    total.faults.push(...details.map((fault) => ({ session_id: name, ...fault })));
  }
  return total;
}

type Found = Omit<Fault, 'session_id'>;

function sessionFaults({ metadata, manifest, sizes }: LocalSession): Found[] {
  if (metadata === null) {
    return [{ kind: 'missing', detail: `${METADATA} is missing or can't be read` }];
  }
  if (metadata['state'] === 'recording') {
    return [{ kind: 'unfinished', detail: 'was still being recorded when it was mirrored last' }];
  }
  const count = Number(metadata['chunk_count']);
  if (count !== manifest.length) {
    const detail = `${manifest.length} of ${count} chunks are listed in ${MANIFEST}`;
    return [{ kind: 'unfinished', detail }];
  }
  if (count > 0 && !sizes.has(MANIFEST)) return [{ kind: 'missing', detail: MANIFEST }];
  return [];
}

function holes({ manifest, metadata }: LocalSession): Found[] {
  const found: Found[] = [];
  const isAll = manifest.length === metadata?.['chunk_count'];
  let before: Chunk | null = null;
  for (const chunk of manifest) {
    found.push(...holesBefore(before, chunk, isAll));
    before = chunk;
  }
  return found;
}

/** `isAll`: the vehicle has no more chunks than are listed here. */
function holesBefore(before: Chunk | null, chunk: Chunk, isAll: boolean): Found[] {
  const nextIndex = (before?.index ?? -1) + 1;
  if (chunk.index !== nextIndex) {
    const which = `chunks ${nextIndex} to ${chunk.index - 1}`;
    if (isAll) return [{ kind: 'seq_hole', detail: `${which} were lost on the vehicle` }];
    return [{ kind: 'missing', detail: `${which} are not listed in ${MANIFEST}` }];
  }
  const nextSeq = before === null ? 0 : before.last_seq === null ? null : before.last_seq + 1;
  if (chunk.first_seq === null || nextSeq === null || chunk.first_seq === nextSeq) return [];
  const detail = `${chunk.filename} begins with row ${chunk.first_seq}, expected was ${nextSeq}`;
  return [{ kind: 'seq_hole', detail }];
}

async function fileFaults(folder: string, local: LocalSession): Promise<Found[]> {
  const found: Found[] = [];
  for (const file of [...local.manifest, ...local.otherFiles]) {
    const fault = await fileFault(folder, file, local.sizes.get(file.filename));
    if (fault !== null) found.push(fault);
  }
  return found;
}

async function fileFault(
  folder: string,
  file: Wanted,
  size: number | undefined,
): Promise<Found | null> {
  const { filename, size_bytes, sha256 } = file;
  if (size === undefined) return { kind: 'missing', detail: filename };
  if (size !== size_bytes) {
    return { kind: 'damaged', detail: `${filename} has ${size} bytes, should have ${size_bytes}` };
  }
  const actual = await fileSha256(join(folder, filename));
  if (actual === sha256) return null;
  const detail = `${filename} has SHA-256 ${actual}, should have ${sha256}`;
  return { kind: 'damaged', detail };
}

/** What the metadata of an ended session speaks of beside the chunks must be listed. */
function otherFaults(local: LocalSession): Found[] {
  const hashes = local.otherFiles.map(({ sha256 }) => sha256);
  const missing = othersOf(local).filter(({ sha256 }) => !hashes.includes(sha256));
  return missing.map(({ filename, size_bytes }) => ({
    kind: 'missing',
    detail: `${size_bytes} bytes of ${filename} are not listed in ${VEHICLE_MANIFEST}`,
  }));
}

/** session.csv must say the same as the chunks, which are sound. */
async function joinedFaults(folder: string, local: LocalSession): Promise<Found[]> {
  const name = joinedName('csv');
  if (!local.sizes.has(name)) return [];
  const expected = createHash('sha256');
  for await (const text of csvOf(folder, local.manifest)) expected.update(text);
  if (expected.digest('hex') === (await fileSha256(join(folder, name)))) return [];
  const detail = `${name} is not what the chunks give: delete it, and the next run makes it anew`;
  return [{ kind: 'damaged', detail }];
}

function extras({ manifest, otherFiles, sizes }: LocalSession): Found[] {
  const listed = [...manifest, ...otherFiles].map(({ filename }) => filename);
  const known = new Set([...BESIDES, ...listed]);
  return [...sizes.keys()].filter((name) => !known.has(name)).map(extra);
}

function extra(name: string): Found {
  if (name.endsWith(DOWNLOAD) || name.endsWith(PART)) {
    return { kind: 'unfinished', detail: name };
  }
  if (name === TAIL) {
    return { kind: 'unfinished', detail: `${name}: rows of a chunk that was not sealed yet` };
  }
  if (isChunkName(name)) return { kind: 'extra', detail: `${name} is not listed in ${MANIFEST}` };
  return { kind: 'extra', detail: name };
}
