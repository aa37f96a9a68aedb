import type { Chunk, SessionSummary } from '../../shared/session.ts';
import { DOWNLOAD } from '../layout.ts';
import type { LocalSession } from '../local/local-session.ts';
import { othersAreHere } from '../local/other-parts.ts';

/**
 * What is to be done about a chunk of the vehicle:
 * - keep: it is here
 * - check: a file of its name and size is here, but no manifest line vouches for it
 * - replace: a file of its name is here with other bytes
 * - download: `from` bytes of it are here
 */
export type Action =
  | { do: 'keep' | 'check' | 'replace'; chunk: Chunk }
  | { do: 'download'; chunk: Chunk; from: number };

export function plan(remote: readonly Chunk[], local: LocalSession): Action[] {
  const listed = new Map(local.manifest.map((chunk) => [chunk.filename, chunk.sha256]));
  return remote.map((chunk) => action(chunk, local.sizes, listed.get(chunk.filename)));
}

function action(
  chunk: Chunk,
  sizes: LocalSession['sizes'],
  listedHash: string | undefined,
): Action {
  const size = sizes.get(chunk.filename);
  if (size === undefined) {
    return { do: 'download', chunk, from: sizes.get(chunk.filename + DOWNLOAD) ?? 0 };
  }
  if (size !== chunk.size_bytes) return { do: 'replace', chunk };
  if (listedHash === chunk.sha256) return { do: 'keep', chunk };
  return { do: listedHash === undefined ? 'check' : 'replace', chunk };
}

/** The index up to which every chunk is here; -1 for none. Later ones are asked for. */
export function heldThrough(local: LocalSession): number {
  let through = -1;
  for (const chunk of local.manifest) {
    const whole = local.sizes.get(chunk.filename) === chunk.size_bytes;
    if (chunk.index !== through + 1 || !whole) break;
    through = chunk.index;
  }
  return through;
}

/** The manifest with these chunks in it: what is here stays listed, sorted by index. */
export function withChunks(manifest: readonly Chunk[], added: readonly Chunk[]): Chunk[] {
  const byIndex = new Map([...manifest, ...added].map((chunk) => [chunk.index, chunk]));
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

/** Has the session ended, and is everything of it here that the vehicle's list speaks of? */
export function isComplete(summary: SessionSummary, local: LocalSession): boolean {
  const { metadata, manifest } = local;
  if (summary.state === 'recording' || metadata?.['state'] !== summary.state) return false;
  if (metadata['needs_recovery'] === true) return false;
  const isHere = (chunk: Chunk) => local.sizes.get(chunk.filename) === chunk.size_bytes;
  return manifest.length === summary.chunk_count && manifest.every(isHere) && othersAreHere(local);
}
