import { join } from 'node:path';
import { type Clock, type Instant, isoMicros, laterThan } from '../../shared/clock.ts';
import type { Note } from '../../shared/events.ts';
import type { RowSource } from '../../shared/row.ts';
import type { Chunk } from '../../shared/session.ts';
import { AppendFile } from '../files/durable-file.ts';
import { DiskStandsStill } from '../files/storage-error.ts';
import { Waiting } from '../files/waiting.ts';
import type { ChunkList } from '../format/chunk-list.ts';
import { EVENTS_NAME, MANIFEST_NAME } from '../format/names.ts';
import { type RowFormat, wholeMicros } from '../format/row-format.ts';
import { ChunkWriter } from './chunk-writer.ts';

/** A disk that stands still may cost this much memory before the session is ended. */
const BACKLOG_BYTES = 32 * 1024 * 1024;
/** The boundary of a chunk is looked at this often, or exactly when it is due. */
const TICK_MS = 500;

/** Is told each row as its line in the chunk, with its seq. */
export type RowFollower = (line: string, seq: number) => void;

export interface SessionPlan {
  /** Absolute; exists. */
  folder: string;
  format: RowFormat;
  intervalS: number;
  /** Monotonic seconds at which elapsed_s is 0. */
  origin: number;
  /** Number of the next row and of the next chunk. */
  nextSeq: number;
  nextIndex: number;
  /** Finalized chunks so far; grows with each that is sealed. */
  chunks: ChunkList;
  /** Called at the boundary of each interval, with rows in it or not. */
  onInterval: () => void;
  onSealed: (chunk: Chunk) => void;
  /** Called once, at the first error; from then on nothing is taken. */
  onFailure: (error: unknown) => void;
}

/** Rows into chunks: numbers them, rolls over on the monotonic clock, seals in the background. */
export class Session {
  readonly #clock: Clock;
  readonly #plan: SessionPlan;
  readonly #manifest: AppendFile;
  readonly #events: AppendFile;
  readonly #unsealed = new Set<ChunkWriter>();
  readonly #followers = new Set<RowFollower>();
  /** For the disk. */
  readonly waiting = new Waiting();
  #writer: ChunkWriter | null = null;
  #interval = 0;
  #nextSeq: number;
  #nextIndex: number;
  #lastRow: RowSource | null = null;
  #seals: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #taking = false;
  #failure: { error: unknown } | null = null;

  constructor(clock: Clock, plan: SessionPlan) {
    this.#clock = clock;
    this.#plan = plan;
    this.#nextSeq = plan.nextSeq;
    this.#nextIndex = plan.nextIndex;
    this.#manifest = new AppendFile(join(plan.folder, MANIFEST_NAME), 'a');
    this.#events = new AppendFile(join(plan.folder, EVENTS_NAME), 'a');
  }

  start(): void {
    this.#taking = true;
    this.#interval = this.#intervalAt(this.elapsed());
    this.#tick();
  }

  /** Monotonic seconds since the session began, now or at another moment of that clock. */
  elapsed(mono = this.#clock.now().mono): number {
    return Math.max(0, mono - this.#plan.origin);
  }

  /** A moment as events tell it: elapsed_s in whole microseconds, like that of the rows. */
  timeOf({ wallMicros, mono }: Instant) {
    const elapsed = Math.max(0, mono - this.#plan.origin);
    return { timestamp: isoMicros(wallMicros), elapsed_s: wholeMicros(elapsed) };
  }

  /** Rows taken so far, sealed or not, earlier runs included. */
  get totalRows(): number {
    let rows = this.#plan.chunks.rows;
    for (const writer of this.#unsealed) rows += writer.rows;
    return rows;
  }

  /** The newest row since the start, or the restart; null before the first. */
  get lastRow(): RowSource | null {
    return this.#lastRow;
  }

  /** Rows in the chunk being written. */
  get currentRows(): number {
    return this.#writer?.rows ?? 0;
  }

  /** Bytes taken so far, sealed or not. */
  get sizeBytes(): number {
    let size = this.#plan.chunks.sizeBytes;
    for (const writer of this.#unsealed) size += writer.size;
    return size;
  }

  /** Rows are taken; false when the session has ended. */
  get isTaking(): boolean {
    return this.#taking;
  }

  /** Tells every row from now on, until the function that is given back is called. */
  follow(follower: RowFollower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** The chunks that are not sealed yet, oldest first. */
  get unsealed(): readonly ChunkWriter[] {
    return [...this.#unsealed];
  }

  /** Takes a row; never waits and never throws. Rows after the end are not taken. */
  append(given: RowSource, itsPrefix?: string): void {
    if (!this.#taking) return;
    const row = after(given, this.#lastRow, this.#plan.origin);
    const prefix = row === given ? itsPrefix : undefined;
    const elapsed = this.elapsed(row.mono);
    this.#rollTo(this.#intervalAt(elapsed));
    this.#writer ??= this.#open();
    const line = this.#writer.append(row, this.#nextSeq, elapsed, prefix);
    for (const follower of this.#followers) follower(line, this.#nextSeq);
    this.#nextSeq += 1;
    this.#lastRow = row;
    if (this.#backlog() > BACKLOG_BYTES) {
      this.fail(new DiskStandsStill('it stands still, and 32 MiB of readings wait to be written'));
    }
  }

  /** Puts an event into events.jsonl; resolves when it is durable, never rejects. */
  async note(note: Note, at = this.#clock.now()): Promise<void> {
    const event = { ...this.timeOf(at), ...note };
    this.#events.append(`${JSON.stringify(event)}\n`);
    await this.waiting.during(this.#events.sync()).catch((error) => this.fail(error));
  }

  /** Ends the taking of rows because of an error; the first one counts. */
  fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = { error };
    this.#stopTaking();
    this.#plan.onFailure(error);
  }

  /** Seals everything; resolves when every row is in a finalized chunk, else rejects. */
  async close(): Promise<void> {
    this.#stopTaking();
    this.#sealCurrent();
    await this.#seals;
    if (this.#failure !== null) throw this.#failure.error;
    await this.#manifest.close();
  }

  /** Closes the log of events, the last thing of a session. */
  async closeEvents(): Promise<void> {
    await this.#events.close();
  }

  /**
   * After a failure: writes what can still be written and lets go of all files, so
   * that recovery can take them. Files that fail say again what fail() was told.
   */
  async abandon(): Promise<void> {
    this.#stopTaking();
    // An error of ours that broke a sealing was thrown there: the rows behind it are written all the same.
    await this.#seals.catch(() => undefined);
    const files = [...this.#unsealed, this.#manifest, this.#events];
    await Promise.allSettled(files.map((file) => file.abandon()));
  }

  #intervalAt(elapsed: number): number {
    return Math.floor(elapsed / this.#plan.intervalS);
  }

  /** A silent sensor's chunk is sealed too, at the boundary. */
  #tick(): void {
    const elapsed = this.elapsed();
    this.#rollTo(this.#intervalAt(elapsed));
    const untilBoundary = (this.#interval + 1) * this.#plan.intervalS - elapsed;
    const delay = Math.min(TICK_MS, Math.ceil(untilBoundary * 1000));
    this.#timer = setTimeout(() => this.#tick(), delay);
  }

  /** Never rolls back: a row that was on its way at the boundary belongs to the chunk after it. */
  #rollTo(interval: number): void {
    if (interval <= this.#interval) return;
    this.#interval = interval;
    this.#sealCurrent();
    this.#plan.onInterval();
  }

  #open(): ChunkWriter {
    const { folder, format } = this.#plan;
    const onError = (error: unknown) => this.fail(error);
    const after = this.unsealed.at(-1)?.named ?? Promise.resolve();
    const { waiting } = this;
    const index = this.#nextIndex++;
    const writer = new ChunkWriter({ folder, format, index, after, waiting, onError });
    this.#unsealed.add(writer);
    return writer;
  }

  #sealCurrent(): void {
    const writer = this.#writer;
    this.#writer = null;
    if (writer === null) return;
    this.#seals = this.waiting.during(this.#seals.then(() => this.#seal(writer)));
  }

  async #seal(writer: ChunkWriter): Promise<void> {
    if (this.#failure !== null) return;
    try {
      const chunk = await writer.seal(() => this.#clock.now().wallMicros);
      this.#manifest.append(`${JSON.stringify(chunk)}\n`);
      await this.#manifest.sync();
      this.#unsealed.delete(writer);
      this.#plan.chunks.add(chunk);
      this.#plan.onSealed(chunk);
    } catch (error) {
      this.fail(error);
    }
  }

  #backlog(): number {
    let bytes = 0;
    for (const writer of this.#unsealed) bytes += writer.pending;
    return bytes;
  }

  #stopTaking(): void {
    this.#taking = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** No two rows share a time: clients in the field know them by it. */
function after(row: RowSource, last: RowSource | null, origin: number): RowSource {
  if (last !== null) return laterThan(row, last);
  return row.mono < origin ? { ...row, mono: origin } : row;
}
