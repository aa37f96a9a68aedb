import type { z } from 'zod';
import type { startReply, startRequest, stopReply } from '../../shared/api/recording.ts';
import type { ConfigRequest, Problem, SensorConfig } from '../../shared/api/sensor.ts';
import { ApiError } from '../../shared/errors.ts';
import type { AcquisitionMode } from '../../shared/reading.ts';
import type { Trigger, UserMetadata } from '../../shared/session.ts';
import type { Config } from '../app/config.ts';
import { checkUserMetadata } from '../format/metadata.ts';
import type { StartOptions } from '../recording/opening.ts';
import { alreadyRecording, type Recorder } from '../recording/recorder.ts';
import { type Found, notConnected, type Sensor } from '../sensor/sensor.ts';
import { Sealing } from './sealing.ts';
import type { SettingsStore } from './settings.ts';
import { Turns } from './turns.ts';

type StartReply = z.infer<typeof startReply>;
type StopReply = z.infer<typeof stopReply>;

interface Asked {
  chunk_interval_s?: number | undefined;
  metadata?: UserMetadata | undefined;
  trigger?: Trigger;
}

interface Started {
  mode: AcquisitionMode;
  recording: boolean;
  poll_hz?: number;
}

const DEFAULT_POLL_HZ = 1;
/** Every baud rate twice, and the visit to the menu after that. */
const SEARCH_LIMIT_MS = 60_000;

interface Parts {
  config: Config;
  sensor: Sensor;
  recorder: Recorder;
  settings: SettingsStore;
  /** Something went wrong that the caller need not be told. */
  warn(message: string, error: unknown): void;
}

/** Told what people and clients do. */
export interface ControlListener {
  /** The recording, or the sensor, was stopped; by nobody here. */
  stopped(): void;
}

/** What recorder and sensor do together: the calls that change the state, one at a time. */
export class Control {
  #parts: Parts;
  #turns = new Turns();
  #sealing: Sealing;
  /** The stop of a recording has ended the acquisition, and none was started since. */
  #endedByRecording = false;
  #listener: ControlListener = { stopped: () => undefined };

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#sealing = new Sealing(parts.recorder);
  }

  listen(listener: ControlListener): void {
    this.#listener = listener;
  }

  connect(port = this.configuredPort, baud = this.#baud): Promise<{ sensorId: string }> {
    this.checkPort(port);
    return this.#turns.run(() => this.#parts.sensor.connect(port, baud));
  }

  /** The rate is kept for later: a search costs half a minute. */
  async findBaud(port = this.configuredPort): Promise<Found> {
    this.checkPort(port);
    const { sensor, settings, warn } = this.#parts;
    const found = await this.#turns.run(() => sensor.findBaud(port, this.#baud), SEARCH_LIMIT_MS);
    if (found.baud === this.#baud || port !== this.configuredPort) return found;
    await settings.change({ serial_baud: found.baud }).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      warn('The baud rate that was found could not be kept', error);
    });
    return found;
  }

  /** Breaks off what is under way; what was waiting behind that is undone in its own turn. */
  async disconnect(): Promise<void> {
    const { sensor } = this.#parts;
    this.#listener.stopped();
    await this.#finishAnd(async () => {
      await sensor.disconnect();
      await this.#turns.run(() => this.#finishAnd(() => sensor.disconnect()));
    });
  }

  config(): SensorConfig {
    const { config } = this.#parts.sensor.snapshot();
    if (config) return config;
    throw notConnected();
  }

  /** `restart`: also while the sensor acquires, which is interrupted for it; not while it is recorded. */
  configure(change: ConfigRequest, restart = false): Promise<SensorConfig> {
    return this.#turns.run(() => {
      const { recorder, sensor } = this.#parts;
      return sensor.configure(change, restart && !recorder.isRecording);
    });
  }

  start(pollHz = DEFAULT_POLL_HZ, record = false): Promise<Started> {
    return this.#turns.run(async () => {
      const sampling = await this.#parts.sensor.start(pollHz);
      this.#endedByRecording = false;
      if (record) await this.#recordOrStop();
      return { ...sampling, recording: this.#parts.recorder.isRecording };
    });
  }

  pause(): Promise<void> {
    return this.#turns.run(() => this.#parts.sensor.pause());
  }

  resume(): Promise<{ mode: AcquisitionMode }> {
    return this.#turns.run(() => this.#parts.sensor.resume());
  }

  /** The recording is safe before its turn comes: it waits for no sensor. */
  stop(): Promise<void> {
    this.#listener.stopped();
    return this.#finishAnd(() => this.#turns.run(() => this.#finishAnd(() => this.#stopSensor())));
  }

  /** Whoever stopped a recording may not know that this has stopped the acquisition too. */
  async #stopSensor(): Promise<void> {
    const { sensor } = this.#parts;
    if (sensor.isAcquiring || !this.#endedByRecording) await sensor.stop();
  }

  /** Connects, acquires and records; when one of them fails no session is left behind. */
  recordStart(
    request: z.infer<typeof startRequest>,
    trigger: Trigger = 'request',
  ): Promise<StartReply> {
    this.#checkFree(trigger);
    checkUserMetadata(request.metadata ?? {});
    return this.#turns.run(async (turn) => {
      this.#checkFree(trigger);
      await this.#reach();
      if (turn.isLate) throw tooLate();
      const started = await this.#record({ ...request, trigger });
      await this.#acquire(started.session_id);
      if (turn.isLate) await this.#parts.recorder.discard(started.session_id);
      return started;
    });
  }

  /**
   * Records at once on a sensor that is connected: where acquisition has to be started first, the
   * rows come as they come, and calls that follow wait for it.
   */
  recordAtOnce(options: StartOptions): Promise<StartReply> {
    const { recorder, sensor } = this.#parts;
    return this.#turns.run(async () => {
      const started = await recorder.start(options);
      this.#endedByRecording = false;
      if (!sensor.isAcquiring) void this.#turns.occupy(() => this.#acquireFor(started.session_id));
      return started;
    });
  }

  /** Nobody waits for this: a sensor that does not start is looked for until it does. */
  async #acquireFor(sessionId: string): Promise<void> {
    const { recorder, sensor } = this.#parts;
    if (recorder.active?.id !== sessionId || sensor.isAcquiring) return;
    try {
      await this.#sampleForRecording();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { port, baud } = sensor.snapshot();
      if (!sensor.isAcquiring) this.restore(port ?? undefined, baud ?? undefined);
    }
  }

  /** Every row is in a finalized chunk before acquisition is stopped. */
  async recordStop(sessionId: string | undefined): Promise<StopReply> {
    if (sessionId === undefined) {
      throw new ApiError('bad_request', 'session_id: say which session is to be stopped.');
    }
    const sealed = this.#sealing.stop(sessionId);
    this.#listener.stopped();
    const reply = await sealed;
    await this.#stopAcquiring();
    return reply;
  }

  /** The same where nobody asks for it: `detail` says why. */
  async endByItself(sessionId: string, detail: string): Promise<void> {
    await this.#sealing.stop(sessionId, detail);
    await this.#stopAcquiring();
  }

  /** The port that connects by itself. */
  get configuredPort(): string {
    return this.#parts.settings.current.serial_port ?? this.#parts.config.serialPort;
  }

  get #baud(): number {
    return this.#parts.settings.current.serial_baud ?? this.#parts.config.serialBaud;
  }

  /** Keeps all calls waiting until old sessions are mended and the one to go on with goes on. */
  whileMending(task: () => Promise<void>): Promise<void> {
    return this.#turns.occupy(task);
  }

  /** Takes up what was going on before a restart, or what the settings ask for. */
  restore(port = this.configuredPort, baud = this.#baud, known: SensorConfig | null = null): void {
    this.#parts.sensor.restore(port, baud, known);
  }

  /** Throws not_a_serial_port: only serial devices are opened, and the simulator where the service was started with it. */
  checkPort(port: string): void {
    const device = /^\/dev\/[\w.:+-]+(\/[\w.:+-]+)*$/.test(port) && !port.includes('..');
    const simulated = port.startsWith('sim:') && this.#parts.config.serialPort.startsWith('sim:');
    if (device || simulated) return;
    throw new ApiError('not_a_serial_port', `${port} is no serial device: give a path under /dev.`);
  }

  /**
   * The sensor answers, sampling or not, or has just reset itself and is coming back; else 503
   * or 504. It is looked for where it was last.
   */
  async #reach(): Promise<void> {
    const { problem, connected, port, baud } = this.#parts.sensor.snapshot();
    if (this.#parts.sensor.isAcquiring) {
      if (problem && problem.kind !== 'restarting') throw outOfReach(problem);
    } else if (!connected) {
      const path = port ?? this.configuredPort;
      this.checkPort(path);
      await this.#parts.sensor.connect(path, baud ?? this.#baud);
    }
  }

  /** The session is open by now, so that not even the first reading is missed. */
  async #acquire(sessionId: string): Promise<void> {
    try {
      await this.#sampleForRecording();
    } catch (error) {
      await this.#parts.recorder.discard(sessionId);
      throw error;
    }
  }

  async #sampleForRecording(): Promise<void> {
    const { sensor } = this.#parts;
    if (sensor.snapshot().state === 'PAUSED') await sensor.resume();
    else if (!sensor.isAcquiring) await sensor.start(DEFAULT_POLL_HZ, 'freerun');
    this.#endedByRecording = false;
  }

  /** What began by itself gives way to whoever asks, but not to another of its kind. */
  #checkFree(trigger: Trigger): void {
    const { recorder } = this.#parts;
    if (trigger === 'request' ? recorder.isAskedFor : recorder.isRecording)
      throw alreadyRecording();
  }

  #record({ chunk_interval_s, metadata, trigger }: Asked) {
    const { sensor, recorder, settings } = this.#parts;
    const { port, baud, config } = sensor.snapshot();
    return recorder.start({
      chunkIntervalS: chunk_interval_s ?? settings.current.chunk_interval_s,
      metadata: metadata ?? {},
      trigger: trigger ?? 'request',
      port,
      baud,
      sensor: config,
    });
  }

  /** Acquisition that was to be recorded does not go on without. */
  async #recordOrStop(): Promise<void> {
    try {
      await this.#record({});
    } catch (error) {
      await this.#parts.sensor.stop();
      throw error;
    }
  }

  /** Ends the recording, then does the task also where the disk is not done in time, which is told last. */
  async #finishAnd(task: () => Promise<void>): Promise<void> {
    const problem = await this.#sealing.finish().then(
      () => null,
      (error: unknown) => ({ error }),
    );
    await task().catch((error: unknown) => {
      throw problem ? problem.error : error;
    });
    if (problem) throw problem.error;
  }

  /**
   * The recording is safe by now: a sensor that does not answer is for the status to tell.
   * A recording that began before its turn came needs the readings.
   */
  async #stopAcquiring(): Promise<void> {
    const { sensor, recorder, warn } = this.#parts;
    try {
      await this.#turns.run(async () => {
        if (recorder.isRecording) return;
        this.#endedByRecording = true;
        await sensor.stop();
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      warn('The recording is complete, but the sensor did not stop', error);
    }
  }
}

function outOfReach({ kind, detail }: Problem): ApiError {
  const silent = kind === 'silent' || kind === 'sensor_no_answer';
  return new ApiError(silent ? 'sensor_no_answer' : 'port_unavailable', detail);
}

/** The caller was told that nothing became of it: so nothing may. */
function tooLate(): ApiError {
  return new ApiError('sensor_no_answer', 'The sensor answered too late.');
}
