import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Damage } from '../../shared/damage.ts';
import type { Chunk } from '../../shared/session.ts';
import { type SealedPart, VEHICLE_FILE } from '../../shared/vehicle.ts';
import { mapConcurrent } from '../files/map-concurrent.ts';
import { readableBlocks } from '../files/readable-blocks.ts';
import { isMissing, isUnreadable, reasonOf } from '../files/storage-error.ts';
import type { ChunkList } from '../format/chunk-list.ts';

export type Sealed = Chunk | SealedPart;

/** Chunks that are read at the same time: many are small. */
const AT_ONCE = 8;

/** Knows which files of sessions were found to have the bytes that were sealed: they are not read again. */
export class Comparer {
  /** Up to which index the list's chunks were. */
  readonly #chunks = new WeakMap<ChunkList, number>();
  readonly #others = new WeakSet<Sealed>();

  /** Reads what was not read before until `until` (of performance.now); gives what differs. */
  async differences(folder: string, list: ChunkList, until: number): Promise<Damage[]> {
    const found = await this.#ofChunks(folder, list, until);
    for (const file of list.otherFiles) {
      if (this.#others.has(file) || performance.now() > until) continue;
      const damage = await difference(folder, file);
      if (damage === null) this.#others.add(file);
      else found.push(damage);
    }
    return found;
  }

  async #ofChunks(folder: string, list: ChunkList, until: number): Promise<Damage[]> {
    const found: Damage[] = [];
    const isEnough = () => performance.now() > until;
    for (const chunks of list.chunks.copy().blocks(this.#chunks.get(list))) {
      const all = await mapConcurrent(chunks, (chunk) => difference(folder, chunk), {
        ...{ parallel: AT_ONCE, isEnough },
      });
      found.push(...all.filter((damage) => damage !== null));
      const last = chunks[all.length - 1];
      if (last && found.length === 0) this.#chunks.set(list, last.index);
      if (isEnough()) break;
    }
    return found;
  }
}

/** Reads one file; null: it has the bytes that were sealed. */
export async function difference(folder: string, file: Sealed): Promise<Damage | null> {
  const path = join(folder, file.filename);
  const hash = createHash('sha256');
  try {
    for await (const block of readableBlocks(path, { end: file.size_bytes })) hash.update(block);
  } catch (error) {
    if (isMissing(error)) return damageOf(file, 'missing', reasonOf(error));
    if (isUnreadable(error)) return damageOf(file, 'unreadable', reasonOf(error));
    throw error;
  }
  if (hash.digest('hex') === file.sha256) return null;
  return damageOf(file, 'damaged', 'its bytes are not those that were finalized');
}

function damageOf({ filename, row_count }: Sealed, what: string, reason: string): Damage {
  const detail = `${filename}: ${reason}. Its ${row_count} rows are left out.`;
  const kind = filename === VEHICLE_FILE ? 'vehicle' : 'chunk';
  return { kind: `${kind}_${what}`, file: filename, detail };
}
