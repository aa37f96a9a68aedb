import type { SensorConfig } from '../../shared/api/sensor.ts';
import { type Clock, type Instant, isoMicros } from '../../shared/clock.ts';
import { CLOCK_STEPS_LISTED, type Described } from '../../shared/metadata.ts';
import type { SessionSummary } from '../../shared/session.ts';
import type { ChunkList } from './chunk-list.ts';
import {
  description,
  isOfThisVersion,
  type MetadataFile,
  type RecorderMetadata,
} from './metadata.ts';
import type { Session } from './session.ts';
import { summaryOf } from './summary.ts';

/** A session while it is recorded: its rows, its chunks and its metadata. */
export class ActiveSession {
  readonly session: Session;
  readonly metadata: MetadataFile;
  readonly chunks: ChunkList;
  readonly #clock: Clock;

  constructor(session: Session, metadata: MetadataFile, chunks: ChunkList, clock: Clock) {
    this.session = session;
    this.metadata = metadata;
    this.chunks = chunks;
    this.#clock = clock;
  }

  get id(): string {
    return this.metadata.data.session_id;
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
    const steps = [...clock_steps, { ...this.session.timeOf(at), step_s }];
    await this.metadata.update({
      clock_steps: steps.slice(0, CLOCK_STEPS_LISTED),
      clock_step_count: clock_step_count + 1,
    });
  }

  totals(): Pick<RecorderMetadata, 'total_rows' | 'chunk_count' | 'size_bytes' | 'duration_s'> {
    return {
      total_rows: this.session.totalRows,
      chunk_count: this.chunks.chunks.length,
      size_bytes: this.session.sizeBytes,
      duration_s: this.session.elapsed(),
    };
  }

  /** Closes metadata.json: from now on the next start leaves the session alone. */
  async ended(state: 'complete' | 'failed', more: Partial<RecorderMetadata> = {}): Promise<void> {
    const end_time = isoMicros(this.#clock.now().wallMicros);
    await this.metadata.update({ ...this.totals(), state, end_time, ...more });
  }

  summary(): SessionSummary {
    return summaryOf({ ...this.metadata.data, ...this.totals() });
  }
}
