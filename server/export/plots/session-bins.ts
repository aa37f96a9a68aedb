import { join } from 'node:path';
import type { Chunk } from '../../../shared/session.ts';
import { SessionClock } from '../../../shared/session-clock.ts';
import { ahead } from '../../files/ahead.ts';
import type { Chunks } from '../../format/chunks.ts';
import { chunkRows } from '../chunk-rows.ts';
import { isMarker } from '../row-text.ts';
import { Bins } from './preview-bins.ts';
import { keepPicture, keptPicture } from './preview-cache.ts';
import { type ChunkPicture, SessionPicture } from './session-picture.ts';
import { SpacingMeter } from './spacing.ts';

/** Where a session lies; times of rows without `elapsed_s` are counted from `startTime`. */
export interface PreviewSession {
  sessionId: string;
  folder: string;
  startTime: string;
}

/** Told what went wrong with the cache: the preview itself does without it. */
export type OnWarning = (detail: string, error: unknown) => void;

const CACHE_FILE = '.preview.jsonl';
/** While many are read it is kept after so many, then always after as many again. */
const KEEP_CHUNKS = 1000;
/** At the end it is kept where so much of it is new. */
const KEEP_PART = 1 / 16;

/** The picture of a session: each chunk is read once, and what was made of them kept beside them. */
export class SessionBins {
  readonly #session: PreviewSession;
  readonly #onWarning: OnWarning;
  readonly #clock: SessionClock;
  #picture = new SessionPicture();
  /** Chunks in what is kept. */
  #kept = 0;
  #updates: Promise<void> = Promise.resolve();

  constructor(session: PreviewSession, onWarning: OnWarning) {
    this.#session = session;
    this.#onWarning = onWarning;
    this.#clock = new SessionClock(session.startTime, false);
  }

  get picture(): SessionPicture {
    return this.#picture;
  }

  /** Takes up the chunks that are new, one call after the other. */
  update(chunks: Chunks): Promise<void> {
    const next = () => this.#takeUp(chunks);
    this.#updates = this.#updates.then(next, next);
    return this.#updates;
  }

  async #takeUp(chunks: Chunks): Promise<void> {
    if (!(await this.#fits(chunks)))
      this.#picture = (await this.#read(chunks)) ?? new SessionPicture();
    for await (const made of ahead(this.#made(chunks))) {
      this.#picture.add(made);
      if (this.#unkept > Math.max(this.#kept, KEEP_CHUNKS)) await this.#keep();
    }
    if (this.#unkept > this.#kept * KEEP_PART) await this.#keep();
  }

  get #unkept(): number {
    return this.#picture.count - this.#kept;
  }

  /** A chunk that was damaged is gone, or another one now: then the picture is of no use. */
  async #fits(chunks: Chunks): Promise<boolean> {
    const { count, head } = this.#picture;
    return count > 0 && (await chunks.sumsUpTo(head.lastIndex)).state === head.state;
  }

  /** Those that are not in it yet, each when its turn comes. */
  *#made(chunks: Chunks): Generator<AsyncGenerator<ChunkPicture>> {
    for (const some of chunks.blocks(this.#picture.head.lastIndex)) {
      for (const chunk of some) yield this.#make(chunk);
    }
  }

  async *#make(chunk: Chunk): AsyncGenerator<ChunkPicture> {
    const [bins, meter] = [new Bins(), new SpacingMeter()];
    let damagedLines = 0;
    const onDamage = () => {
      damagedLines += 1;
    };
    for await (const rows of chunkRows([join(this.#session.folder, chunk.filename)], onDamage)) {
      for (const row of rows) {
        if (isMarker(row)) continue;
        const elapsed = this.#clock.ofRow(row);
        bins.add(elapsed, Number(row.value), row.timestamp);
        meter.push(elapsed);
      }
    }
    yield { chunk, bins, damagedLines, spacing: meter.spacing };
  }

  get #cacheFile(): string {
    return join(this.#session.folder, CACHE_FILE);
  }

  async #read(chunks: Chunks): Promise<SessionPicture | null> {
    this.#kept = 0;
    try {
      const picture = await keptPicture(this.#cacheFile, (index) => chunks.sumsUpTo(index));
      this.#kept = picture?.count ?? 0;
      return picture;
    } catch (error) {
      this.#onWarning('the preview cache can not be read; it is made anew', error);
      return null;
    }
  }

  async #keep(): Promise<void> {
    this.#kept = this.#picture.count;
    try {
      await keepPicture(this.#cacheFile, this.#picture);
    } catch (error) {
      this.#onWarning('the preview cache can not be written', error);
    }
  }
}
