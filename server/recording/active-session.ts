import type { SensorConfig } from '../../shared/api/sensor.ts';
import { type Clock, isoMicros } from '../../shared/clock.ts';
import type { SessionSummary } from '../../shared/session.ts';
import type { ChunkList } from './chunk-list.ts';
import type { MetadataFile, RecorderMetadata } from './metadata.ts';
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
    const { sensor_id } = sensor;
    await this.metadata.update({ sensor_id, sensor: { ...sensor } });
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
