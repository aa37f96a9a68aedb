import type { Chunk } from '../../../shared/session.ts';
import { ChunkSums } from '../../format/chunk-sums.ts';
import { Bins } from './preview-bins.ts';
import { SessionGaps, type Spacing } from './spacing.ts';

/** What a plot needs to know of a chunk. */
export interface ChunkPicture {
  chunk: Chunk;
  bins: Bins;
  damagedLines: number;
  spacing: Spacing;
}

/** What is written of the picture of a session's first chunks. */
export interface PictureHead {
  /** Of the chunks, as ChunkSums tells it, and the index of the last one. */
  state: string;
  lastIndex: number;
  damagedLines: number;
  spacing: Omit<Spacing, 'gaps'>;
}

/** What a plot needs to know of a session's first chunks. */
export class SessionPicture {
  readonly bins: Bins;
  readonly gaps = new SessionGaps();
  readonly #sums: ChunkSums;
  #lastIndex = -1;
  #damagedLines = 0;

  constructor(bins = new Bins(), sums = new ChunkSums()) {
    this.bins = bins;
    this.#sums = sums;
  }

  /** As it was written; `sums` are those of its chunks. */
  static restored(head: PictureHead, bins: Bins, gaps: Spacing['gaps'], sums: ChunkSums) {
    const picture = new SessionPicture(bins, sums);
    picture.gaps.add({ ...head.spacing, gaps });
    picture.#lastIndex = head.lastIndex;
    picture.#damagedLines = head.damagedLines;
    return picture;
  }

  /** Chunks in it. */
  get count(): number {
    return this.#sums.count;
  }

  get head(): PictureHead {
    const { gaps: _, ...spacing } = this.gaps.spacing;
    const [state, lastIndex] = [this.#sums.state, this.#lastIndex];
    return { state, lastIndex, damagedLines: this.#damagedLines, spacing };
  }

  /** Takes the chunk that follows the last one. */
  add({ chunk, bins, damagedLines, spacing }: ChunkPicture): void {
    for (const [number, bin] of bins.entries) this.bins.merge(number, bins.width, bin);
    this.gaps.add(spacing);
    this.#damagedLines += damagedLines;
    this.#sums.add(chunk);
    this.#lastIndex = chunk.index;
  }
}
