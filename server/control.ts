import type { z } from 'zod';
import type { startReply, startRequest, stopReply } from '../shared/api/recording.ts';
import type { ConfigRequest, SensorConfig } from '../shared/api/sensor.ts';
import { ApiError } from '../shared/errors.ts';
import type { AcquisitionMode } from '../shared/reading.ts';
import type { UserMetadata } from '../shared/session.ts';
import type { Config } from './config.ts';
import { checkUserMetadata } from './recording/metadata.ts';
import type { Recorder } from './recording/recorder.ts';
import type { Sensor } from './sensor/sensor.ts';
import type { SettingsStore } from './settings.ts';

type StartReply = z.infer<typeof startReply>;
type StopReply = z.infer<typeof stopReply>;

const DEFAULT_POLL_HZ = 1;

interface Parts {
  config: Config;
  sensor: Sensor;
  recorder: Recorder;
  settings: SettingsStore;
  /** Something went wrong that the caller need not be told. */
  warn(message: string, error: unknown): void;
}

/** What recorder and sensor do together: the calls that change the state of both. */
export class Control {
  #parts: Parts;
  #starting = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  connect(port = this.#port, baud = this.#baud): Promise<{ sensorId: string }> {
    this.#checkPort(port);
    return this.#parts.sensor.connect(port, baud);
  }

  async disconnect(): Promise<void> {
    await this.#finalize();
    await this.#parts.sensor.disconnect();
  }

  config(): SensorConfig {
    const { config } = this.#parts.sensor;
    if (config) return config;
    throw new ApiError('not_connected', 'The sensor is not connected: connect it first.');
  }

  configure(change: ConfigRequest): Promise<SensorConfig> {
    return this.#parts.sensor.configure(change);
  }

  async start(
    pollHz = DEFAULT_POLL_HZ,
    record = false,
  ): Promise<{ mode: AcquisitionMode; recording: boolean }> {
    const { mode } = await this.#parts.sensor.start(pollHz);
    if (record) await this.#record({});
    return { mode, recording: this.#parts.recorder.isRecording };
  }

  async stop(): Promise<void> {
    if (this.#parts.sensor.isAcquiring) await this.#finalize();
    await this.#parts.sensor.stop();
  }

  /** Connects, acquires and records; when one of them fails no session is left behind. */
  async recordStart(request: z.infer<typeof startRequest>): Promise<StartReply> {
    if (this.#starting || this.#parts.recorder.isRecording) throw alreadyRecording();
    checkUserMetadata(request.metadata ?? {});
    this.#starting = true;
    try {
      await this.#reach();
      const started = await this.#record(request);
      await this.#acquire();
      return started;
    } finally {
      this.#starting = false;
    }
  }

  /** Every row is in a finalized chunk before acquisition is stopped. */
  async recordStop(sessionId: string | undefined): Promise<StopReply> {
    if (sessionId === undefined) {
      throw new ApiError('bad_request', 'session_id: say which session is to be stopped.');
    }
    this.#parts.recorder.check(sessionId);
    const reply = await this.#parts.recorder.stop();
    await this.#stopAcquiring();
    return reply;
  }

  get #port(): string {
    return this.#parts.settings.current.serial_port ?? this.#parts.config.serialPort;
  }

  get #baud(): number {
    return this.#parts.settings.current.serial_baud ?? this.#parts.config.serialBaud;
  }

  /** Takes up what was going on before a restart, or what the settings ask for. */
  pursue(port = this.#port, baud = this.#baud): void {
    this.#parts.sensor.pursue(port, baud);
  }

  /** Only serial devices; the simulator only where the service was started with it. */
  #checkPort(port: string): void {
    const device = /^\/dev\/[\w.:+-]+(\/[\w.:+-]+)*$/.test(port) && !port.includes('..');
    const simulated = port.startsWith('sim:') && this.#parts.config.serialPort.startsWith('sim:');
    if (device || simulated) return;
    throw new ApiError('not_a_serial_port', `${port} is no serial device: give a path under /dev.`);
  }

  /** The sensor answers, sampling or not; else 503 or 504. */
  async #reach(): Promise<void> {
    const { problem, connected } = this.#parts.sensor.snapshot();
    if (this.#parts.sensor.isAcquiring) {
      if (problem) throw new ApiError('port_unavailable', problem.detail);
    } else if (!connected) await this.connect();
  }

  /** The session is open by now, so that not even the first reading is missed. */
  async #acquire(): Promise<void> {
    const { sensor, recorder } = this.#parts;
    try {
      if (sensor.snapshot().state === 'PAUSED') await sensor.resume();
      else if (!sensor.isAcquiring) await sensor.start(DEFAULT_POLL_HZ, 'freerun');
    } catch (error) {
      await recorder.discard();
      throw error;
    }
  }

  #record(request: { chunk_interval_s?: number | undefined; metadata?: UserMetadata | undefined }) {
    const { sensor, recorder, settings } = this.#parts;
    const { port, baud, config } = sensor.snapshot();
    return recorder.start({
      chunkIntervalS: request.chunk_interval_s ?? settings.current.chunk_interval_s,
      metadata: request.metadata ?? {},
      port,
      baud,
      sensor: config,
    });
  }

  async #finalize(): Promise<void> {
    if (this.#parts.recorder.isRecording) await this.#parts.recorder.stop();
  }

  /** The recording is safe by now: a sensor that does not answer is for the status to tell. */
  async #stopAcquiring(): Promise<void> {
    const { sensor, warn } = this.#parts;
    try {
      await sensor.stop();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      warn('The recording is complete, but the sensor did not stop', error);
    }
  }
}

function alreadyRecording(): ApiError {
  return new ApiError('already_recording', 'A session is being recorded already: stop it first.');
}
