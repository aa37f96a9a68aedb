import { join } from 'node:path';
import { type Chunk, chunk } from '../../shared/session.ts';
import { Chunks } from './chunks.ts';
import { type Ledger, readLedger } from './ledger.ts';
import { MANIFEST_NAME } from './names.ts';

export interface Manifest extends Ledger {
  /** Sorted by index; of two lines for a chunk the later one counts. */
  chunks: Chunks;
}

/** The manifest as it lies on disk; empty where there is none. */
export async function readManifest(folder: string): Promise<Manifest> {
  const found = new Found();
  const ledger = await readLedger(join(folder, MANIFEST_NAME), chunk, (entry) => found.add(entry));
  return { ...ledger, chunks: ledger.isUnreadable ? new Chunks() : found.chunks() };
}

/** Lines that come in order, as all do that were written so, are packed at once. */
class Found {
  readonly #ordered = new Chunks();
  #byName: Map<string, Chunk> | null = null;

  add(entry: Chunk): void {
    if (entry.index <= (this.#ordered.last?.index ?? -1)) {
      this.#byName ??= new Map([...this.#ordered].map((one) => [one.filename, one]));
    }
    if (this.#byName === null) this.#ordered.add(entry);
    else this.#byName.set(entry.filename, entry);
  }

  chunks(): Chunks {
    if (this.#byName === null) return this.#ordered;
    return Chunks.of([...this.#byName.values()].sort((a, b) => a.index - b.index));
  }
}
