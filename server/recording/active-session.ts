import { rm } from 'node:fs/promises';
import type { SensorConfig } from '../../shared/api/sensor.ts';
import { type Clock, type Instant, isoMicros } from '../../shared/clock.ts';
import { CLOCK_STEPS_LISTED, type Described } from '../../shared/metadata.ts';
import type { Chunk, SessionSummary, Trigger } from '../../shared/session.ts';
import type { ClockState } from '../../shared/time/comparison.ts';
import type { VehicleSample } from '../../shared/vehicle.ts';
import type { ChunkList } from '../format/chunk-list.ts';
import { listed } from '../format/damage.ts';
import {
  description,
  isOfThisVersion,
  type MetadataFile,
  type RecorderMetadata,
} from '../format/metadata.ts';
import { ROW_FORMATS } from '../format/row-format.ts';
import { summaryOf } from '../format/summary.ts';
import type { Beginning } from './beginning.ts';
import { type CloseFolder, closeFailed } from './failure.ts';
import { Session } from './session.ts';
import { VehicleTrack } from './vehicle-track.ts';

/** What is told while a session goes on. */
export interface SessionWatcher {
  sealed(chunk: Chunk): void;
  /** Called once, at the first error; from then on nothing is taken. */
  failed(error: unknown): void;
}

export interface SessionParts {
  clock: Clock;
  closeFolder: CloseFolder;
}

/** A session while it is recorded: its rows, its chunks, the vehicle's track and its metadata. */
export class ActiveSession {
  readonly session: Session;
  readonly metadata: MetadataFile;
  readonly chunks: ChunkList;
  readonly #folder: string;
  readonly #track: VehicleTrack;
  readonly #clock: Clock;
  readonly #closeFolder: CloseFolder;

  constructor(beginning: Beginning, { clock, closeFolder }: SessionParts, watcher: SessionWatcher) {
    const { metadata, chunks, folder, vehicle, origin, nextSeq, nextIndex } = beginning;
    this.metadata = metadata;
    this.chunks = chunks;
    this.#folder = folder;
    this.#clock = clock;
    this.#closeFolder = closeFolder;
    this.#track = new VehicleTrack(clock, {
      ...{ folder, ...vehicle },
      onSealed: (part) => chunks.sealed(part),
      onFailure: (detail) => void this.session.note({ kind: 'vehicle_not_recorded', detail }),
    });
    this.session = new Session(clock, {
      ...{ folder, chunks, origin, nextSeq, nextIndex },
      format: ROW_FORMATS[metadata.data.format],
      intervalS: metadata.data.chunk_interval_s,
      onInterval: () => this.#track.seal(),
      onSealed: (chunk) => watcher.sealed(chunk),
      onFailure: (error) => watcher.failed(error),
    });
  }

  /** Why it began. Of an older version's it is not known, but they began on request. */
  get trigger(): Trigger {
    return this.metadata.data.recording_trigger ?? 'request';
  }

  get id(): string {
    return this.metadata.data.session_id;
  }

  /** Why the vehicle's data is not recorded, in words. */
  get vehicleProblem(): string | null {
    return this.#track.failure;
  }

  /** Takes what the vehicle said; never waits and never throws. */
  vehicle(sample: VehicleSample): void {
    if (this.session.isTaking) this.#track.append(sample, this.session.elapsed(sample.at.mono));
  }

  /** The sensor became known, or was set otherwise. */
  async sensorChanged(sensor: SensorConfig): Promise<void> {
    const { data } = this.metadata;
    const { sensor_id } = sensor;
    const described = isOfThisVersion(data) ? description(data.collector ?? null, sensor) : {};
    await this.metadata.update({ sensor_id, sensor: { ...sensor }, ...described });
  }

  /** The wall clock was set; `at` is the first moment of the new time. */
  async clockStepped(step_s: number, at: Instant): Promise<void> {
    const detail = `The vehicle's clock was set by ${step_s.toFixed(3)} s.`;
    void this.session.note({ kind: 'clock_step', detail, step_s }, at);
    if (!isOfThisVersion(this.metadata.data)) return;
    const { clock_steps = [], clock_step_count = 0 }: Partial<Described> = this.metadata.data;
    const clock_seen = this.session.timeOf(at);
    const steps = [...clock_steps, { ...clock_seen, step_s }];
    await this.metadata.update({
      clock_seen,
      clock_steps: steps.slice(0, CLOCK_STEPS_LISTED),
      clock_step_count: clock_step_count + 1,
    });
  }

  async clockKnown(clock_state: ClockState): Promise<void> {
    if (isOfThisVersion(this.metadata.data)) await this.metadata.update({ clock_state });
  }

  totals() {
    const { chunks, otherFiles, damage } = this.chunks;
    return {
      total_rows: this.session.totalRows,
      chunk_count: chunks.length,
      size_bytes: this.session.sizeBytes,
      duration_s: this.session.elapsed(),
      ...(otherFiles.length > 0 ? { other_files: [...otherFiles] } : {}),
      ...(damage.length > 0 ? { damage: listed(damage) } : {}),
    };
  }

  summary(): SessionSummary {
    return summaryOf({ ...this.metadata.data, ...this.totals() });
  }

  /** Seals everything and closes metadata.json: the next start leaves the session alone. */
  async end(state: 'complete' | 'failed', failure: string | null): Promise<void> {
    await this.#seal();
    const end_time = isoMicros(this.#clock.now().wallMicros);
    await this.#update({ state, failure, end_time });
  }

  /** Seals everything and leaves the session open: the next start goes on with it. */
  async suspend(): Promise<void> {
    try {
      await this.#seal();
    } catch (error) {
      // What can still be written lies on the disk for the next start.
      await this.session.abandon();
      throw error;
    }
    await this.#update(this.#clockSeen());
  }

  /** Takes the session back, with all that there is of it. */
  async remove(): Promise<void> {
    await this.#seal();
    await this.session.closeEvents();
    await rm(this.#folder, { recursive: true });
  }

  /** Lets go of everything after an error and closes what lies on disk; gives the whole reason. */
  async fail(reason: string): Promise<string> {
    const { session, metadata } = this;
    const taken = { rowsTaken: session.totalRows, elapsed: session.elapsed() };
    await Promise.all([session.abandon(), this.#track.close()]);
    const failed = { folder: this.#folder, metadata, reason, ...taken };
    return (
      closeFailed(failed, this.#clock, this.#closeFolder)
        // The same disk: it has failed before, and its reason is told.
        .catch(() => `${reason} metadata.json could not be written either.`)
    );
  }

  /** The last row, since CSV rows do not tell when they were on the other clock; without any, now. */
  #clockSeen(): Partial<Described> {
    const { data } = this.metadata;
    if (!isOfThisVersion(data)) return {};
    const seen = this.session.timeOf(this.session.lastRow ?? this.#clock.now());
    return seen.elapsed_s > (data.clock_seen?.elapsed_s ?? 0) ? { clock_seen: seen } : {};
  }

  async #seal(): Promise<void> {
    const trackIsSealed = this.#track.close();
    await this.session.close();
    await trackIsSealed;
  }

  /** A track that could not be written is for the next start to mend. */
  async #update(patch: Partial<RecorderMetadata>): Promise<void> {
    const needs_recovery = this.#track.failure !== null;
    await this.metadata.update({ ...this.totals(), needs_recovery, ...patch });
    await this.session.closeEvents();
  }
}
