import type { Chunk } from '../../shared/session.ts';
import { inTurns } from '../files/in-turns.ts';
import { chunkIndex } from './chunk-name.ts';
import { ChunkSums } from './chunk-sums.ts';
import { PackedList } from './packed-list.ts';

/** Finalized chunks of a session, sorted by index, and what they add up to. */
export class Chunks implements Iterable<Chunk> {
  #list = new PackedList<Chunk>();
  #sums = new ChunkSums();

  static of(chunks: Iterable<Chunk>): Chunks {
    const all = new Chunks();
    for (const chunk of chunks) all.add(chunk);
    return all;
  }

  get length(): number {
    return this.#list.length;
  }

  get last(): Chunk | null {
    return this.#list.last;
  }

  get sizeBytes(): number {
    return this.#sums.sizeBytes;
  }

  get rows(): number {
    return this.#sums.rows;
  }

  /** Takes the chunk that follows the last one. */
  add(chunk: Chunk): void {
    this.#list.add(chunk);
    this.#sums.add(chunk);
  }

  /** Changes with whatever changes of them. */
  get state(): string {
    return this.#sums.state;
  }

  /** What those up to this index add up to. */
  async sumsUpTo(lastIndex: number): Promise<ChunkSums> {
    const sums = this.#sums.copy();
    for await (const chunks of inTurns(this.blocks(lastIndex))) {
      for (const chunk of chunks) sums.remove(chunk);
    }
    return sums;
  }

  /** As they are now: what is added later is not in it. */
  copy(): Chunks {
    const copy = new Chunks();
    copy.#list = this.#list.copy();
    copy.#sums = this.#sums.copy();
    return copy;
  }

  /** Without those of these names. */
  async without(names: ReadonlySet<string>): Promise<Chunks> {
    if (names.size === 0) return this;
    const left = new Chunks();
    for await (const chunks of inTurns(this.blocks())) {
      for (const chunk of chunks) if (!names.has(chunk.filename)) left.add(chunk);
    }
    return left;
  }

  [Symbol.iterator](): Iterator<Chunk> {
    return this.#list[Symbol.iterator]();
  }

  /** Those with an index above this one, some at a time: who goes through them all lets others have their turn between two of these. */
  blocks(afterIndex = -1): Iterable<readonly Chunk[]> {
    return this.#list.blocks(({ index }) => index <= afterIndex);
  }

  find(filename: string): Chunk | null {
    const index = chunkIndex(filename) ?? -1;
    const found = this.#list.find((chunk) => chunk.index < index);
    return found?.filename === filename ? found : null;
  }

  remove(chunk: Chunk): void {
    this.#list.remove(({ index }) => index < chunk.index);
    this.#sums.remove(chunk);
  }

  /** JSON of those with an index above this one, with commas between, in pieces. */
  json(afterIndex: number): Buffer[] {
    return this.#list.json(({ index }) => index <= afterIndex);
  }
}
