import type { z } from 'zod';
import type { startReply } from '../../shared/api/recording.ts';
import {
  SURVEY_SCHEMA_VERSION,
  type SurveyStartRequest,
  type surveyRoutes,
  type surveySnapshots,
  type surveyStartReply,
  type surveyStatus,
} from '../../shared/api/survey.ts';
import { type Clock, isoMicros } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { Chunk } from '../../shared/session.ts';
import type { Catalogue, Damaged } from '../catalogue/catalogue.ts';
import { inTurns } from '../files/in-turns.ts';
import type { StartOptions } from '../recording/opening.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { Sensor } from '../sensor/sensor.ts';

type Marker = z.infer<(typeof surveyRoutes)['syncMarker']['body']>;

const DEFAULT_ROLL_S = 60;
const NEEDED_BYTES = 100_000_000;

interface Parts {
  clock: Clock;
  sensor: Sensor;
  recorder: Recorder;
  catalogue: Catalogue;
  freeBytes(): Promise<number | null>;
  /** As Control does it, in its turn. */
  recordAtOnce(options: StartOptions): Promise<z.infer<typeof startReply>>;
  softwareVersion: string;
}

/** What the survey generation of clients asks for, in its own words. */
export class Survey {
  #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Records at once: where acquisition has to be started first, the rows come as they come. */
  async start(request: SurveyStartRequest): Promise<z.infer<typeof surveyStartReply>> {
    const { sensor } = this.#parts;
    await this.#check();
    const { port, baud, config, expectedRateHz, connected } = sensor.snapshot();
    if (!connected) throw notConnected();
    const { mission, rate_hz, roll_interval_s, schema_version } = request;
    const started = await this.#begin({
      chunkIntervalS: Math.round(roll_interval_s ?? DEFAULT_ROLL_S),
      metadata: {
        ...(mission ? { mission } : {}),
        ...(rate_hz ? { requested_rate_hz: rate_hz } : {}),
      },
      ...{ port, baud, sensor: config, format: 'csv' },
    });
    return {
      session_id: started.session_id,
      started_at: started.start_time,
      rate_hz: expectedRateHz ?? rate_hz ?? 0,
      schema_version: schema_version ?? SURVEY_SCHEMA_VERSION,
    };
  }

  /** The marker stands in the rows between the readings before and after it. */
  mark({ session_id, sync_id, marker_type }: Marker) {
    const { clock, recorder, sensor } = this.#parts;
    recorder.check(session_id);
    const now = clock.now();
    const mode = marker_type === 'START' ? ('SYNC_START' as const) : ('SYNC_STOP' as const);
    const sensorId = sensor.snapshot().sensorId ?? '';
    const nothing = { temperature: null, voltage: null };
    recorder.mark({ ...now, mode, sensorId, value: JSON.stringify(sync_id), ...nothing });
    const detail = `Sync marker ${marker_type}.`;
    recorder.note({ kind: 'sync_marker', detail, sync_id, marker_type });
    return { session_id, sync_id, marker_type, timestamp: isoMicros(now.wallMicros) };
  }

  time() {
    const { wallMicros, mono } = this.#parts.clock.now();
    return {
      pi_iso: isoMicros(wallMicros),
      pi_unix_ms: wallMicros / 1000,
      mono_s: mono,
      container_version: this.#parts.softwareVersion,
      schema_version: SURVEY_SCHEMA_VERSION,
    } as const;
  }

  /** Whether a client of this generation opened the session: then it speaks its form. */
  async speaks(sessionId: string): Promise<boolean> {
    const format = await this.#parts.catalogue.format(sessionId).catch((error: unknown) => {
      if (error instanceof ApiError) return null;
      throw error;
    });
    return format === 'csv';
  }

  /** As JSON text, in pieces. */
  async snapshots(sessionId: string, afterIndex = -1): Promise<Damaged & { body: Buffer[] }> {
    const { chunks, damage } = await this.#parts.catalogue.session(sessionId);
    const pieces: string[] = [];
    for await (const some of inTurns(chunks.blocks(afterIndex))) {
      pieces.push(
        `${pieces.length > 0 ? ',' : ''}${JSON.stringify(some.map(inItsWords)).slice(1, -1)}`,
      );
    }
    return { body: ['[', ...pieces, ']'].map((piece) => Buffer.from(piece)), damage };
  }

  async status(sessionId: string): Promise<z.infer<typeof surveyStatus>> {
    const { summary, chunks } = await this.#parts.catalogue.session(sessionId);
    return {
      session_id: sessionId,
      state: summary.state === 'recording' ? 'recording' : 'stopped',
      rows: summary.total_rows,
      bytes: summary.size_bytes,
      last_chunk_index: chunks.last?.index ?? -1,
      backlog: Math.max(0, summary.total_rows - chunks.rows),
    };
  }

  stopped(reply: { final_chunk_count: number; total_rows: number }) {
    const stopped_at = isoMicros(this.#parts.clock.now().wallMicros);
    return { stopped_at, chunks: reply.final_chunk_count, rows: reply.total_rows };
  }

  async #check(): Promise<void> {
    if (this.#parts.recorder.isAskedFor) throw recordingElsewhere();
    const free = await this.#parts.freeBytes();
    if (free !== null && free < NEEDED_BYTES) {
      throw new ApiError(
        'disk_full',
        'Less than 100 MB are free on the vehicle: delete old sessions.',
      );
    }
  }

  /** Another start may be quicker: these clients know one status code for that. */
  async #begin(options: StartOptions) {
    try {
      return await this.#parts.recordAtOnce(options);
    } catch (error) {
      const taken = error instanceof ApiError && error.code === 'already_recording';
      throw taken ? recordingElsewhere() : error;
    }
  }
}

function recordingElsewhere(): ApiError {
  const detail = 'A session is being recorded already: stop it first.';
  return new ApiError('recording_elsewhere', detail);
}

function notConnected(): ApiError {
  return new ApiError('sensor_not_connected', 'The sensor is not connected: connect it first.');
}

function inItsWords(chunk: Chunk): z.infer<typeof surveySnapshots>[number] {
  const { index, filename, size_bytes, sha256, row_count } = chunk;
  return { index, name: filename, size_bytes, sha256, rows: row_count };
}
