import { join } from 'node:path';
import { isoMicros } from '../../shared/clock.ts';
import type { RowSource } from '../../shared/row.ts';
import type { Chunk } from '../../shared/session.ts';
import { chunkName, PART } from './chunk-name.ts';
import { AppendFile, renameDurably } from './durable-file.ts';
import type { RowFormat } from './row-format.ts';

/** A row is handed to the system at the latest after this time. */
const WRITE_DELAY_MS = 100;
/** A power cut costs about this much: SD cards don't bear a sync per row. */
const SYNC_DELAY_MS = 1000;

export interface ChunkPlan {
  /** The session's folder, absolute. */
  folder: string;
  index: number;
  format: RowFormat;
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
  readonly #file: AppendFile;
  #rows = 0;
  #first: End | null = null;
  #last: End | null = null;
  #writeTimer: NodeJS.Timeout | null = null;
  #syncTimer: NodeJS.Timeout | null = null;

  constructor(plan: ChunkPlan) {
    this.#plan = plan;
    this.#name = chunkName(plan.index, plan.format.name);
    this.#file = new AppendFile(join(plan.folder, this.#name + PART), 'ax');
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
    this.#writeTimer ??= setTimeout(() => this.#write(), WRITE_DELAY_MS);
    this.#syncTimer ??= setTimeout(() => this.#sync(), SYNC_DELAY_MS);
    return line;
  }

  /** Finalizes the chunk: when this resolves, its name and every byte survive a power cut. */
  async seal(wallMicros: () => number): Promise<Chunk> {
    this.#stopTimers();
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
    this.#stopTimers();
    return this.#file.abandon();
  }

  #write(): void {
    this.#writeTimer = null;
    this.#file.flush().catch(this.#plan.onError);
  }

  #sync(): void {
    this.#syncTimer = null;
    this.#file.sync().catch(this.#plan.onError);
  }

  #stopTimers(): void {
    if (this.#writeTimer !== null) clearTimeout(this.#writeTimer);
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
  }
}
