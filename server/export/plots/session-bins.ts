import { join } from 'node:path';
import { chunkRows } from '../chunk-rows.ts';
import { isMarker } from '../row-text.ts';
import { Bins } from './preview-bins.ts';
import { appendBins, type ChunkBins, readBins } from './preview-cache.ts';
import { SessionClock } from './session-clock.ts';
import { SessionGaps, SpacingMeter } from './spacing.ts';

/** Where a session lies; times of rows without `elapsed_s` are counted from `startTime`. */
export interface PreviewSession {
  sessionId: string;
  folder: string;
  startTime: string;
}

/** A finalized chunk of the session. */
export interface PreviewChunk {
  filename: string;
  sha256: string;
}

/** Told what went wrong with the cache: the preview itself does without it. */
export type OnWarning = (detail: string, error: unknown) => void;

const CACHE_FILE = '.preview.jsonl';

/** The bins of a session: each chunk is read once, and what was made of it kept beside it. */
export class SessionBins {
  readonly #session: PreviewSession;
  readonly #onWarning: OnWarning;
  readonly #clock: SessionClock;
  readonly #merged = new Set<string>();
  #bins = new Bins();
  #gaps = new SessionGaps();
  #damagedLines = 0;
  #updates: Promise<void> = Promise.resolve();

  constructor(session: PreviewSession, onWarning: OnWarning) {
    this.#session = session;
    this.#onWarning = onWarning;
    this.#clock = new SessionClock(session.startTime, false);
  }

  get bins(): Bins {
    return this.#bins;
  }

  get gaps(): Pick<SessionGaps, 'gaps' | 'periodMs'> {
    return this.#gaps;
  }

  get damagedLines(): number {
    return this.#damagedLines;
  }

  /** Takes up the chunks that are new, one call after the other. */
  update(chunks: readonly PreviewChunk[]): Promise<void> {
    const next = () => this.#takeUp(chunks);
    this.#updates = this.#updates.then(next, next);
    return this.#updates;
  }

  async #takeUp(chunks: readonly PreviewChunk[]): Promise<void> {
    if (this.#hasOthersThan(chunks)) this.#beginAnew();
    const missing = chunks.filter((chunk) => !this.#merged.has(chunk.sha256));
    if (missing.length === 0) return;
    const kept = this.#merged.size === 0 ? await this.#read() : new Map<string, ChunkBins>();
    for (const chunk of missing) {
      this.#merge(kept.get(chunk.sha256) ?? (await this.#make(chunk)));
    }
  }

  /** A chunk that was damaged is gone, or another one now. */
  #hasOthersThan(chunks: readonly PreviewChunk[]): boolean {
    const known = chunks.filter(({ sha256 }) => this.#merged.has(sha256));
    return known.length < this.#merged.size;
  }

  #beginAnew(): void {
    this.#merged.clear();
    this.#bins = new Bins();
    this.#gaps = new SessionGaps();
    this.#damagedLines = 0;
  }

  #merge(chunk: ChunkBins): void {
    for (const [number, bin] of chunk.bins.entries) this.#bins.merge(number, chunk.bins.width, bin);
    this.#gaps.add(chunk.spacing);
    this.#damagedLines += chunk.damagedLines;
    this.#merged.add(chunk.sha256);
  }

  async #make({ filename, sha256 }: PreviewChunk): Promise<ChunkBins> {
    const [bins, meter] = [new Bins(), new SpacingMeter()];
    let damagedLines = 0;
    const onDamage = () => {
      damagedLines += 1;
    };
    for await (const rows of chunkRows([join(this.#session.folder, filename)], onDamage)) {
      for (const row of rows) {
        if (isMarker(row)) continue;
        const elapsed = this.#clock.ofRow(row);
        bins.add(elapsed, Number(row.value), row.timestamp);
        meter.push(elapsed);
      }
    }
    const made: ChunkBins = { sha256, bins, damagedLines, spacing: meter.spacing };
    await this.#keep(made);
    return made;
  }

  async #read(): Promise<Map<string, ChunkBins>> {
    try {
      return await readBins(join(this.#session.folder, CACHE_FILE));
    } catch (error) {
      this.#onWarning('the preview cache can not be read; it is made anew', error);
      return new Map();
    }
  }

  async #keep(made: ChunkBins): Promise<void> {
    try {
      await appendBins(join(this.#session.folder, CACHE_FILE), made);
    } catch (error) {
      this.#onWarning('the preview cache can not be written', error);
    }
  }
}
