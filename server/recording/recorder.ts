import type { SensorConfig } from '../../shared/api/sensor.ts';
import type { Collector } from '../../shared/cf.ts';
import type { Clock, Instant } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { Note } from '../../shared/events.ts';
import type { RowSource } from '../../shared/row.ts';
import type { Chunk } from '../../shared/session.ts';
import type { ClockState } from '../../shared/time/comparison.ts';
import type { VehicleSample, VehicleSetup } from '../../shared/vehicle.ts';
import { DiskSpace } from '../files/disk-space.ts';
import { isDiskFault, isSystemError, reasonOf, storageError } from '../files/storage-error.ts';
import type { Resumable } from '../format/found.ts';
import { ActiveSession } from './active-session.ts';
import { type Beginning, beginAgain, beginNew } from './beginning.ts';
import type { CloseFolder } from './failure.ts';
import { FolderOpener } from './folder-opener.ts';
import type { StartOptions } from './opening.ts';
import { idleStatus, type RecorderStatus, statusOf } from './status.ts';

export interface RecorderParts {
  /** Folder of all sessions; made if missing. */
  root: string;
  clock: Clock;
  softwareVersion: string;
  /** Below so many free bytes nothing is recorded. */
  reserveBytes(): number;
  /** What the light falls on, for the metadata of sessions that begin. */
  collector(): Collector;
  vehicleSetup(): VehicleSetup;
  clockState(): ClockState;
  closeFolder: CloseFolder;
  /** Closes a session that was interrupted and can't go on. */
  closeInterrupted(found: Resumable): Promise<void>;
}

/** What is told while a session goes on. */
export interface RecorderListener {
  /** A session began, or went on; its first event is told. */
  began(): void;
  sealed(chunk: Chunk): void;
  /**
   * A session is about to begin or to end, or a row that is no reading is about to come: whoever
   * holds something back for it tells it now.
   */
  flushPending(): void;
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

/** The one session that is recorded: begins it, feeds it, ends it, whatever the disk does. */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #space: DiskSpace;
  readonly #folders = new FolderOpener();
  #listener: RecorderListener = {
    began: () => undefined,
    sealed: () => undefined,
    flushPending: () => undefined,
    failed: () => undefined,
  };
  #active: ActiveSession | null = null;
  /** Were stopped, and are not safe yet; the newest last. */
  readonly #closing = new Set<ActiveSession>();
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

  /** A session is recorded that somebody asked for: it gives way to nobody. */
  get isAskedFor(): boolean {
    return this.#active?.trigger === 'request';
  }

  get active(): ActiveSession | null {
    return this.#active;
  }

  /** It is being recorded, or finalized after its end. */
  holds(sessionId: string): boolean {
    return [this.#active, ...this.#closing].some((session) => session?.id === sessionId);
  }

  /** Throws not_recording or other_session where this session is not the one. */
  check(sessionId: string): void {
    if (this.#active === null) throw notRecording();
    if (this.#active.id === sessionId) return;
    const detail = `Another session is being recorded: ${this.#active.id}.`;
    throw new ApiError('other_session', detail);
  }

  /**
   * Begins a session. Of two calls at once one is refused with already_recording. One that began by
   * itself gives way to one that is asked for: each reading goes into the one or the other.
   */
  async start(options: StartOptions) {
    const givesWay = !this.isAskedFor && (options.trigger ?? 'request') === 'request';
    if (this.#starting || (this.#active && !givesWay)) throw alreadyRecording();
    this.#starting = true;
    this.#listener.flushPending();
    try {
      const { root, softwareVersion, clock, reserveBytes, ...known } = this.#parts;
      await this.#space.need(reserveBytes());
      const opening = {
        ...options,
        softwareVersion,
        collector: known.collector(),
        vehicleSetup: known.vehicleSetup(),
        clockState: known.clockState(),
      };
      const beginning = await beginNew(this.#folders, root, opening, clock);
      const before = this.#take();
      this.#run(beginning);
      if (before) void this.#finish(before, GAVE_WAY).catch(unlessTold);
      const { session_id, start_time, chunk_interval_s } = beginning.metadata.data;
      return { session_id, start_time, chunk_interval_s, storage_path: beginning.folder };
    } finally {
      this.#starting = false;
    }
  }

  /**
   * Goes on with a session that was interrupted. Where another was started meanwhile, the
   * interrupted one is closed.
   */
  async resume(found: Resumable): Promise<void> {
    if (this.#starting || this.#active) return this.#parts.closeInterrupted(found);
    this.#starting = true;
    try {
      const { beginning, stepS, now } = await beginAgain(found, this.#parts.clock);
      this.#run(beginning);
      if (stepS !== null) this.clockStepped(stepS, now);
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

  /** Takes a reading; never waits and never throws. `prefix` is rowPrefix(row) where it is made already. */
  append(row: RowSource, prefix?: string): void {
    this.#active?.session.append(row, prefix);
  }

  /** Takes a row that is no reading, at its place between them. */
  mark(row: RowSource): void {
    this.#listener.flushPending();
    this.append(row);
  }

  /** Takes what the vehicle said; never waits and never throws. */
  vehicle(sample: VehicleSample): void {
    this.#active?.vehicle(sample);
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

  /** Keeps what is known of the clock with the session. */
  clockKnown(state: ClockState): void {
    const active = this.#active;
    active?.clockKnown(state).catch((error: unknown) => this.#failed(active, error));
  }

  /** Keeps what the sensor says of itself with the session. */
  updateSensor(sensor: SensorConfig): void {
    const active = this.#active;
    active?.sensorChanged(sensor).catch((error: unknown) => this.#failed(active, error));
  }

  /** Resolves when every row is in a finalized chunk. */
  async stop(detail = 'The recording was stopped.'): Promise<Stopped> {
    const active = this.#take();
    if (active === null) throw notRecording();
    await this.#finish(active, detail);
    const { total_rows, duration_s } = active.metadata.data;
    const final_chunk_count = active.chunks.chunks.length;
    return { session_id: active.id, final_chunk_count, total_rows, duration_s };
  }

  /** Resolves when the session that was taken is closed. */
  async #finish(active: ActiveSession, detail: string): Promise<void> {
    void active.session.note({ kind: 'recording_stopped', detail });
    this.#closing.add(active);
    const closed = active.session.waiting
      .during(this.#close(active, 'complete', null))
      .finally(() => this.#closing.delete(active));
    this.#ending = Promise.all([this.#ending, closed.catch(() => undefined)]);
    await closed;
  }

  /** Takes back a session that never got going; one that has rows is closed instead. */
  async discard(sessionId: string): Promise<void> {
    const active = this.#active;
    if (active?.id !== sessionId) return;
    this.#take();
    if (active.session.totalRows > 0) await this.#close(active, 'complete', null);
    else await active.remove();
  }

  /** Seals the chunk and leaves the session open: the next start goes on with it. */
  async suspend(): Promise<void> {
    const active = this.#take();
    if (active) {
      void active.session.note({ kind: 'service_stopped', detail: 'The service was stopped.' });
      await active.suspend();
    }
    await this.#ending;
  }

  /** The numbers of GET /record/status. */
  status(): RecorderStatus {
    const active = this.#active ?? [...this.#closing].at(-1) ?? null;
    if (active === null) return this.#last;
    return statusOf(active, this.#space.free, this.#parts.reserveBytes(), active === this.#active);
  }

  #run(beginning: Beginning): void {
    const active: ActiveSession = new ActiveSession(beginning, this.#parts, {
      sealed: (chunk) => this.#listener.sealed(chunk),
      failed: (error) => this.#failed(active, error),
    });
    this.#active = active;
    active.session.start();
    this.note(beginning.note);
    this.#listener.began();
    this.#watch = setInterval(() => void this.#lookAtSpace(active), SPACE_WATCH_MS);
  }

  /** From here on the session takes no rows; whoever got it ends it. */
  #take(): ActiveSession | null {
    const active = this.#active;
    if (active) this.#listener.flushPending();
    this.#active = null;
    clearInterval(this.#watch);
    return active;
  }

  async #close(active: ActiveSession, state: 'complete' | 'failed', failure: string | null) {
    try {
      await active.end(state, failure);
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

  /** A mistake of ours is no disk's: it ends the process, and the next start goes on. */
  #failed(active: ActiveSession, error: unknown): void {
    if (!isDiskFault(error)) throw error;
    if (this.#active !== active) return;
    this.#take();
    this.#ending = this.#fail(active, error);
  }

  /** Loud at once; what is on disk stays there. */
  async #fail(active: ActiveSession, error: unknown): Promise<void> {
    const reason = `The disk failed: ${reasonOf(error)}.`;
    this.#last = idleStatus('failed', reason);
    const failure = await active.fail(reason);
    this.#last = idleStatus('failed', failure);
    this.#listener.failed(failure);
  }
}

const GAVE_WAY = 'A recording that was asked for took its place.';

/** What the disk did is told by the status. */
function unlessTold(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}

function notRecording(): ApiError {
  return new ApiError('not_recording', 'Nothing is being recorded.');
}

export function alreadyRecording(): ApiError {
  return new ApiError('already_recording', 'A session is being recorded already: stop it first.');
}
