import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from '../../server/files/read-text.ts';
import { parseJson } from '../../shared/json.ts';
import { type Chunk, chunk as chunkSchema } from '../../shared/session.ts';
import { type SealedPart, sealedPart, VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import { MANIFEST, METADATA } from '../layout.ts';

/** What lies in the folder of one session. */
export interface LocalSession {
  /** Chunks as manifest.jsonl lists them, in its order. */
  manifest: readonly Chunk[];
  /** What is sealed of the files beside the chunks, as vehicle_manifest.jsonl lists it. */
  otherFiles: readonly SealedPart[];
  /** Bytes of every file, by name. */
  sizes: ReadonlyMap<string, number>;
  /** null where there is none that can be read. */
  metadata: Readonly<Record<string, unknown>> | null;
}

/** Something in a session's folder leads elsewhere: what is written to it would not be here. */
export class LinkInFolder extends Error {
  override name = 'LinkInFolder';

  constructor(path: string) {
    super(`${path} is a link: nothing is written through links. Put a folder or file in its place`);
  }
}

/** A folder that is not there is an empty one. Rejects with LinkInFolder where it, or a file of it, is a link. */
export async function readLocalSession(folder: string): Promise<LocalSession> {
  const [sizes, manifest, others, metadata] = await Promise.all([
    fileSizes(folder),
    readIfThere(join(folder, MANIFEST)),
    readIfThere(join(folder, VEHICLE_MANIFEST)),
    readIfThere(join(folder, METADATA)),
  ]);
  return {
    manifest: manifestChunks(manifest ?? ''),
    otherFiles: sealedParts(others ?? '').slice(-1),
    sizes,
    metadata: jsonObject(metadata ?? ''),
  };
}

/** The lines that are whole; a chunk whose line is not is looked at again. */
function manifestChunks(text: string): Chunk[] {
  return text.split('\n').flatMap((line) => {
    const raw = jsonObject(line);
    return chunkSchema.safeParse(raw).success ? [raw as unknown as Chunk] : [];
  });
}

function sealedParts(text: string): SealedPart[] {
  return text.split('\n').flatMap((line) => sealedPart.safeParse(jsonObject(line)).data ?? []);
}

/** Bytes of every file of a folder, by name. Rejects with LinkInFolder. */
export async function fileSizes(folder: string): Promise<Map<string, number>> {
  const names = (await orIfMissing(readdir(folder), [])).sort();
  if (names.length > 0) await refuseLink(folder);
  const sizes = await Promise.all(
    names.map(async (name) => [name, (await refuseLink(join(folder, name))).size] as const),
  );
  return new Map(sizes);
}

async function refuseLink(path: string): Promise<Stats> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) throw new LinkInFolder(path);
  return found;
}

export async function orIfMissing<T, M>(reading: Promise<T>, missing: M): Promise<T | M> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return missing;
    throw error;
  }
}

/** null where the text is no JSON object. */
export function jsonObject(text: string): Record<string, unknown> | null {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}
