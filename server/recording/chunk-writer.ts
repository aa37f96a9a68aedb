import { join } from 'node:path';
import { isoMicros } from '../../shared/clock.ts';
import type { RowSource } from '../../shared/row.ts';
import type { Chunk } from '../../shared/session.ts';
import { renameDurably } from '../files/durable-file.ts';
import { SteadyFile } from '../files/steady-file.ts';
import type { Waiting } from '../files/waiting.ts';
import { chunkName, PART } from '../format/chunk-name.ts';
import type { RowFormat } from '../format/row-format.ts';

export interface ChunkPlan {
  /** The session's folder, absolute. */
  folder: string;
  index: number;
  format: RowFormat;
  /** The name of the chunk before is durable, or never will be. */
  after: Promise<void>;
  waiting: Waiting;
  /** Told of an error in a write that nobody waits for. */
  onError: (error: unknown) => void;
}

interface End {
  micros: number;
  seq: number;
}

/** The chunk being written: `chunk_NNNNN.jsonl.part` until it is sealed. */
export class ChunkWriter {
  readonly #plan: ChunkPlan;
  readonly #name: string;
  readonly #file: SteadyFile;
  #rows = 0;
  #first: End | null = null;
  #last: End | null = null;

  constructor(plan: ChunkPlan) {
    this.#plan = plan;
    this.#name = chunkName(plan.index, plan.format.name);
    this.#file = new SteadyFile(join(plan.folder, this.#name + PART), 'ax', plan);
    this.#file.append(plan.format.header);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Bytes taken so far, written or not. */
  get size(): number {
    return this.#file.written + this.#file.pending;
  }

  /** Bytes taken that are not written yet. */
  get pending(): number {
    return this.#file.pending;
  }

  /** Settles when the name of its file survives a power cut, or never will. */
  get named(): Promise<void> {
    return this.#file.named;
  }

  /** Path of the file as long as it is written. */
  get path(): string {
    return this.#file.path;
  }

  /** Resolves when every row taken so far can be read from the file. */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  /** Takes a row and gives its line; never waits and never throws. */
  append(row: RowSource, seq: number, elapsed: number, prefix?: string): string {
    const line = this.#plan.format.line(row, seq, elapsed, prefix);
    this.#file.append(line);
    this.#rows += 1;
    this.#last = { micros: row.wallMicros, seq };
    this.#first ??= this.#last;
    return line;
  }

  /** Finalizes the chunk: when this resolves, its name and every byte survive a power cut. */
  async seal(wallMicros: () => number): Promise<Chunk> {
    const sha256 = await this.#file.close();
    const path = join(this.#plan.folder, this.#name);
    await renameDurably(path + PART, path);
    return {
      index: this.#plan.index,
      filename: this.#name,
      size_bytes: this.#file.written,
      row_count: this.#rows,
      sha256,
      created_at: isoMicros(wallMicros()),
      first_timestamp: this.#first && isoMicros(this.#first.micros),
      last_timestamp: this.#last && isoMicros(this.#last.micros),
      first_seq: this.#first?.seq ?? null,
      last_seq: this.#last?.seq ?? null,
    };
  }

  /** Lets go of the file after an error; what is on disk stays there as a .part. */
  abandon(): Promise<void> {
    return this.#file.abandon();
  }
}
