import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SensorConfig } from '../../shared/api/sensor.ts';
import type { Collector } from '../../shared/cf.ts';
import { type Clock, type Instant, isoMicros } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { Note } from '../../shared/events.ts';
import type { RowSource } from '../../shared/row.ts';
import type { Chunk } from '../../shared/session.ts';
import { ActiveSession } from './active-session.ts';
import { ChunkList } from './chunk-list.ts';
import { wallMicrosOf } from './chunk-scan.ts';
import { DiskSpace } from './disk-space.ts';
import { closeFailed } from './failure.ts';
import { MetadataFile } from './metadata.ts';
import { openFolder, type StartOptions } from './opening.ts';
import { closeOlder, type Resumable } from './recovery.ts';
import { ROW_FORMATS } from './row-format.ts';
import { Session } from './session.ts';
import { idleStatus, type RecorderStatus, statusOf } from './status.ts';
import { isSystemError, reasonOf, storageError } from './storage-error.ts';
import { continueAfter, readBootId } from './timeline.ts';

export interface RecorderParts {
  /** Folder of all sessions; made if missing. */
  root: string;
  clock: Clock;
  softwareVersion: string;
  /** Below so many free bytes nothing is recorded. */
  reserveBytes(): number;
  /** What the light falls on, for the metadata of sessions that begin. */
  collector(): Collector;
}

/** What is told while a session goes on. */
export interface RecorderListener {
  sealed(chunk: Chunk): void;
  /** The session ended by an error; what is on disk stays. */
  failed(reason: string): void;
}

export interface Stopped {
  session_id: string;
  final_chunk_count: number;
  total_rows: number;
  duration_s: number;
}

const SPACE_WATCH_MS = 3000;

interface Begun {
  metadata: MetadataFile;
  folder: string;
  chunks: ChunkList;
  origin: number;
  nextSeq: number;
  nextIndex: number;
}

/** The one session that is recorded: begins it, feeds it, ends it, whatever the disk does. */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #space: DiskSpace;
  #listener: RecorderListener = { sealed: () => undefined, failed: () => undefined };
  #active: ActiveSession | null = null;
  #starting = false;
  #ending: Promise<unknown> = Promise.resolve();
  #last: RecorderStatus = idleStatus(null, null);
  #watch: NodeJS.Timeout | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#space = new DiskSpace(parts.root);
  }

  listen(listener: RecorderListener): void {
    this.#listener = listener;
  }

  get isRecording(): boolean {
    return this.#active !== null;
  }

  get active(): ActiveSession | null {
    return this.#active;
  }

  /** Throws not_recording or other_session where this session is not the one. */
  check(sessionId: string): void {
    if (this.#active === null) {
      throw new ApiError('not_recording', 'Nothing is being recorded.');
    }
    if (this.#active.id !== sessionId) {
      const detail = `Another session is being recorded: ${this.#active.id}.`;
      throw new ApiError('other_session', detail);
    }
  }

  /** Begins a session. Of two calls at once one is refused with already_recording. */
  async start(options: StartOptions) {
    if (this.#starting || this.#active) throw alreadyRecording();
    this.#starting = true;
    try {
      return await this.#begin(options);
    } finally {
      this.#starting = false;
    }
  }

  async #begin(options: StartOptions) {
    const { root, clock, softwareVersion } = this.#parts;
    await this.#needSpace();
    const id = randomUUID();
    const opening = { ...options, softwareVersion, collector: this.#parts.collector() };
    const { folder, metadata } = await openFolder(root, id, opening, clock);
    const { start_time, chunk_interval_s, mono_start } = metadata.data;
    const fresh = { chunks: new ChunkList(id), origin: mono_start, nextSeq: 0, nextIndex: 0 };
    this.#run({ metadata, folder, ...fresh });
    this.note({ kind: 'recording_started', detail: 'The recording began.' });
    return { session_id: id, start_time, chunk_interval_s, storage_path: folder };
  }

  /**
   * Goes on with a session that was interrupted: same id, next chunk, next seq.
   * Where another was started meanwhile, the interrupted one is closed.
   */
  async resume(found: Resumable): Promise<void> {
    if (this.#starting || this.#active) return closeOlder(found, this.#parts.clock);
    this.#starting = true;
    try {
      await this.#goOn(found);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.giveUp(`The recording could not go on: ${reasonOf(error)}.`);
    } finally {
      this.#starting = false;
    }
  }

  /** What was being recorded before a restart can't go on: for the status to tell. */
  giveUp(reason: string): void {
    this.#last = idleStatus('failed', reason);
    this.#listener.failed(reason);
  }

  async #goOn(found: Resumable): Promise<void> {
    const { clock } = this.#parts;
    const { folder, metadata: data, nextSeq, nextIndex, lastRow } = found;
    const now = clock.now();
    const bootId = await readBootId();
    const last = {
      elapsed: lastRow?.elapsed ?? data.duration_s,
      wallMicros: lastRow ? wallMicrosOf(lastRow) : Number.NaN,
    };
    const { origin, basis, gapS, stepS } = continueAfter(data, last, bootId, now);
    const metadata = new MetadataFile(folder, data);
    const resumed_at = isoMicros(now.wallMicros);
    await metadata.update({ resumed_at, boot_id: bootId, mono_start: origin });
    const chunks = new ChunkList(data.session_id, found.chunks);
    this.#run({ metadata, folder, chunks, origin, nextSeq, nextIndex });
    this.note({
      kind: 'recording_resumed',
      detail: `The recording went on after a restart${gapS === null ? '' : `, ${gapS.toFixed(1)} s after the last row`}.`,
      gap_s: gapS,
      next_seq: nextSeq,
      elapsed_basis: basis,
    });
    if (stepS !== null) this.clockStepped(stepS, now);
  }

  /** Takes a reading; never waits and never throws. `prefix` is rowPrefix(row) where it is made already. */
  append(row: RowSource, prefix?: string): void {
    this.#active?.session.append(row, prefix);
  }

  /** Puts an event into the session's events.jsonl. While nothing is recorded it has no place. */
  note(note: Note): void {
    void this.#active?.session.note(note);
  }

  /** The wall clock was set; `at` is the first moment of the new time. */
  clockStepped(stepS: number, at: Instant): void {
    const active = this.#active;
    active?.clockStepped(stepS, at).catch((error: unknown) => this.#failed(active, error));
  }

  /** Keeps what the sensor says of itself with the session. */
  updateSensor(sensor: SensorConfig): void {
    const active = this.#active;
    active?.sensorChanged(sensor).catch((error: unknown) => this.#failed(active, error));
  }

  /** Resolves when every row is in a finalized chunk. */
  async stop(): Promise<Stopped> {
    const active = this.#take();
    if (active === null) throw new ApiError('not_recording', 'Nothing is being recorded.');
    void active.session.note({ kind: 'recording_stopped', detail: 'The recording was stopped.' });
    await this.#close(active, 'complete', null);
    const { total_rows, duration_s } = active.metadata.data;
    const final_chunk_count = active.chunks.chunks.length;
    return { session_id: active.id, final_chunk_count, total_rows, duration_s };
  }

  /** Takes back a session that never got going; one that has rows is closed instead. */
  async discard(): Promise<void> {
    const active = this.#take();
    if (active === null) return;
    if (active.session.totalRows > 0) return this.#close(active, 'complete', null);
    await active.session.close();
    await active.session.closeEvents();
    await rm(join(this.#parts.root, active.id), { recursive: true });
  }

  /** Seals the chunk and leaves the session open: the next start goes on with it. */
  async suspend(): Promise<void> {
    const active = this.#take();
    if (active) {
      void active.session.note({ kind: 'service_stopped', detail: 'The service was stopped.' });
      await active.session.close();
      await active.metadata.update(active.totals());
      await active.session.closeEvents();
    }
    await this.#ending;
  }

  /** The numbers of GET /record/status. */
  status(): RecorderStatus {
    const active = this.#active;
    return active ? statusOf(active, this.#space.free, this.#parts.reserveBytes()) : this.#last;
  }

  async #needSpace(): Promise<void> {
    const { root, reserveBytes } = this.#parts;
    try {
      await mkdir(root, { recursive: true });
      if ((await this.#space.measure()) >= reserveBytes()) return;
    } catch (error) {
      throw storageError(error);
    }
    throw new ApiError('disk_full', 'The disk is nearly full: delete old sessions first.');
  }

  #run({ metadata, folder, chunks, ...from }: Begun): void {
    const { clock } = this.#parts;
    const session = new Session(clock, {
      ...{ folder, chunks, ...from },
      format: ROW_FORMATS[metadata.data.format],
      intervalS: metadata.data.chunk_interval_s,
      onSealed: (chunk) => this.#listener.sealed(chunk),
      onFailure: (error) => this.#failed(active, error),
    });
    const active = new ActiveSession(session, metadata, chunks, clock);
    this.#active = active;
    session.start();
    this.#watch = setInterval(() => void this.#lookAtSpace(active), SPACE_WATCH_MS);
  }

  /** From here on the session takes no rows; whoever got it ends it. */
  #take(): ActiveSession | null {
    const active = this.#active;
    this.#active = null;
    clearInterval(this.#watch);
    return active;
  }

  async #close(active: ActiveSession, state: 'complete' | 'failed', failure: string | null) {
    try {
      await active.session.close();
      await active.ended(state, { failure });
      await active.session.closeEvents();
    } catch (error) {
      await this.#fail(active, error);
      throw storageError(error);
    }
    this.#last = idleStatus(state, failure);
  }

  /** While there is still room to: everything is sealed. A disk that can't be asked fails by itself. */
  async #lookAtSpace(active: ActiveSession): Promise<void> {
    const free = await this.#space.measure().catch(() => Number.POSITIVE_INFINITY);
    if (free >= this.#parts.reserveBytes() || this.#active !== active) return;
    this.#take();
    const reason = 'The disk is full: the recording was ended while there was room to.';
    void active.session.note({ kind: 'disk_full', detail: reason, free_bytes: free });
    this.#ending = this.#close(active, 'failed', reason).then(
      () => this.#listener.failed(reason),
      () => undefined,
    );
    await this.#ending;
  }

  #failed(active: ActiveSession, error: unknown): void {
    if (this.#active !== active) return;
    this.#take();
    this.#ending = this.#fail(active, error);
  }

  /** Loud at once; what is on disk stays there. */
  async #fail({ session, metadata, id }: ActiveSession, error: unknown): Promise<void> {
    const reason = `The disk failed: ${reasonOf(error)}.`;
    this.#last = idleStatus('failed', reason);
    const taken = { rowsTaken: session.totalRows, elapsed: session.elapsed() };
    await session.abandon();
    const folder = join(this.#parts.root, id);
    const failure = await closeFailed({ folder, metadata, reason, ...taken }, this.#parts.clock)
      // The same disk: it has failed before, and its reason is told below.
      .catch(() => `${reason} metadata.json could not be written either.`);
    this.#last = idleStatus('failed', failure);
    this.#listener.failed(failure);
  }
}

export function alreadyRecording(): ApiError {
  return new ApiError('already_recording', 'A session is being recorded already: stop it first.');
}
