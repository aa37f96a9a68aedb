import type { Chunk } from '../../shared/session.ts';

/** Of a SHA-256, for a sum that stays exact. */
const HEX_DIGITS = 12;
const MODULUS = 2 ** 52;

/** What chunks add up to; of any two lists of different chunks it differs. */
export class ChunkSums {
  #count = 0;
  #rows = 0;
  #sizeBytes = 0;
  #hashes = 0;

  get count(): number {
    return this.#count;
  }

  get rows(): number {
    return this.#rows;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Changes with whatever changes of the chunks. */
  get state(): string {
    return [this.#count, this.#rows, this.#sizeBytes, this.#hashes].join(' ');
  }

  copy(): ChunkSums {
    const copy = new ChunkSums();
    copy.#count = this.#count;
    copy.#rows = this.#rows;
    copy.#sizeBytes = this.#sizeBytes;
    copy.#hashes = this.#hashes;
    return copy;
  }

  add(chunk: Chunk): void {
    this.#change(chunk, 1);
  }

  remove(chunk: Chunk): void {
    this.#change(chunk, -1);
  }

  #change({ row_count, size_bytes, sha256 }: Chunk, sign: 1 | -1): void {
    const hash = sign * Number.parseInt(sha256.slice(0, HEX_DIGITS), 16);
    this.#count += sign;
    this.#rows += sign * row_count;
    this.#sizeBytes += sign * size_bytes;
    this.#hashes = (this.#hashes + hash + MODULUS) % MODULUS;
  }
}
