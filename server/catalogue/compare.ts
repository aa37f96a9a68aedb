import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Damage } from '../../shared/damage.ts';
import type { Chunk } from '../../shared/session.ts';
import { type SealedPart, VEHICLE_FILE } from '../../shared/vehicle.ts';
import { readableBlocks } from '../files/readable-blocks.ts';
import { isMissing, isUnreadable, reasonOf } from '../files/storage-error.ts';

export type Sealed = Chunk | SealedPart;

/** Files whose bytes were found to be those that were sealed; by what is said of them. */
export type Compared = WeakSet<Sealed>;

/**
 * Reads files until `until` (of performance.now) and gives what of them is not as it was sealed.
 * Those that are go into `compared`, and are not read again.
 */
export async function compare(
  folder: string,
  files: readonly Sealed[],
  compared: Compared,
  until: number,
): Promise<Damage[]> {
  const found: Damage[] = [];
  for (const file of files) {
    if (compared.has(file)) continue;
    if (performance.now() > until) return found;
    const damage = await difference(join(folder, file.filename), file);
    if (damage === null) compared.add(file);
    else found.push(damage);
  }
  return found;
}

async function difference(path: string, file: Sealed): Promise<Damage | null> {
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
