import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { SensorConfig } from '../shared/api/sensor.ts';
import type { Reading } from '../shared/reading.ts';
import { rowPrefix } from '../shared/row.ts';
import type { Build } from './build.ts';
import type { SystemClock } from './clock.ts';
import type { Config } from './config.ts';
import { Control } from './control.ts';
import { Disk } from './disk.ts';
import { listen } from './http/server.ts';
import { DataLake } from './live/data-lake.ts';
import { LiveHub } from './live/hub.ts';
import { MemoryRecorder } from './live/memory-recorder.ts';
import { rowsBody } from './live/rows-body.ts';
import { Streams } from './live/streams.ts';
import type { Log } from './log.ts';
import { MemoryExports } from './memory-exports.ts';
import { Catalogue } from './recording/catalogue.ts';
import { Recorder } from './recording/recorder.ts';
import { recover } from './recording/recovery.ts';
import { tailOf } from './recording/tail.ts';
import { Sensor } from './sensor/sensor.ts';
import type { OpenPort } from './serial/port.ts';
import { PortFinder } from './serial/port-finder.ts';
import { listPorts } from './serial/ports.ts';
import { openRealPort } from './serial/real-port.ts';
import { SessionExports } from './session-exports.ts';
import { SettingsStore } from './settings.ts';
import { createSimulatorOpener } from './simulator/port.ts';
import { Survey } from './survey/survey.ts';

export interface AppParts {
  config: Config;
  build: Build;
  clock: SystemClock;
  log: Log;
  webRoot: string;
  docsRoot: string;
  /** An error that nobody expected; ends the process. */
  onUnexpected(error: unknown): void;
}

/** The clock is looked at this often, so that a step is noticed while no reading comes. */
const CLOCK_WATCH_MS = 1000;

/** Everything wired together. Starts in the order in which data flows, stops in reverse. */
export class App {
  #parts: AppParts;
  #live: LiveHub;
  #memory = new MemoryRecorder();
  #memoryExports: MemoryExports;
  #sessionExports: SessionExports;
  #streams: Streams;
  #dataLake: DataLake;
  #recorder: Recorder;
  #catalogue: Catalogue;
  #sensor: Sensor;
  #settings: SettingsStore;
  #control: Control;
  #survey: Survey;
  #disk: Disk;
  #finder = new PortFinder();
  #server: Server | null = null;
  #clockWatch: NodeJS.Timeout | undefined;

  constructor(parts: AppParts) {
    const { config, clock, build } = parts;
    this.#parts = parts;
    this.#settings = new SettingsStore(config.recordingPath);
    this.#disk = new Disk(config.recordingPath);
    this.#live = new LiveHub(clock);
    this.#streams = new Streams(this.#live, clock);
    this.#recorder = new Recorder({
      root: config.recordingPath,
      clock,
      softwareVersion: build.version,
      reserveBytes: () => this.#settings.current.disk_reserve_bytes,
    });
    this.#dataLake = new DataLake(this.#live, () => this.#recorder.status());
    this.#catalogue = new Catalogue(config.recordingPath, this.#recorder);
    this.#memoryExports = new MemoryExports(this.#memory, config.recordingPath, clock);
    this.#sessionExports = new SessionExports(
      this.#catalogue,
      config.recordingPath,
      (detail, error) => parts.log.logger.warn({ error: String(error) }, detail),
    );
    this.#sensor = this.#buildSensor();
    this.#control = this.#buildControl();
    this.#survey = new Survey({
      ...{ clock, sensor: this.#sensor, recorder: this.#recorder, catalogue: this.#catalogue },
      freeBytes: async () => (await this.#disk.space()).free_bytes,
      softwareVersion: build.version,
    });
  }

  /** Resolves with the port that it listens on. HTTP answers before old sessions are mended. */
  async start(): Promise<number> {
    const { config, log } = this.#parts;
    await this.#settings.start((message) => log.logger.warn(message));
    await this.#disk.start();
    this.#watchClock();
    this.#logRecording();
    this.#server = await listen(this.#services(), config.host, config.port);
    const port = (this.#server.address() as AddressInfo).port;
    log.logger.info({ host: config.host, port }, 'Listening');
    await this.#control.whileMending(() => this.#goOn());
    return port;
  }

  /** Seals the chunk and leaves the session open: the next start goes on with it. */
  async stop(): Promise<void> {
    clearInterval(this.#clockWatch);
    this.#streams.stop();
    this.#server?.close();
    await this.#recorder.suspend();
    await this.#sensor.disconnect();
    this.#disk.stop();
    this.#server?.closeAllConnections();
  }

  #services(): Parameters<typeof listen>[0] {
    const { config, build, clock, log, webRoot, docsRoot, onUnexpected } = this.#parts;
    return {
      ...{ build, clock, webRoot, docsRoot, onUnexpected },
      control: this.#control,
      survey: this.#survey,
      sensor: this.#sensor,
      live: this.#live,
      tail: (sessionId, fromSeq) => this.#tail(sessionId, fromSeq),
      recentBody: (seconds) => rowsBody(this.#live.recent(seconds)),
      memory: this.#memory,
      memoryExports: this.#memoryExports,
      sessionExports: this.#sessionExports,
      streams: this.#streams,
      dataLake: this.#dataLake,
      recorder: this.#recorder,
      catalogue: this.#catalogue,
      settings: this.#settings,
      disk: this.#disk,
      ports: () => listPorts(),
      lastLogLines: () => log.lastLines(),
      corsOrigins: config.corsOrigins,
      apiToken: config.apiToken,
    };
  }

  /** A session that has ended has no tail, but it must be known. */
  async #tail(sessionId: string, fromSeq: number): Promise<Readable> {
    const { active } = this.#recorder;
    if (active?.id === sessionId) return Readable.from(tailOf(active.session, fromSeq));
    await this.#catalogue.snapshots(sessionId);
    return Readable.from([]);
  }

  #buildSensor(): Sensor {
    return new Sensor({
      openPort: portOpener((path) => this.#finder.remember(path)),
      findPort: (port) => this.#finder.find(port),
      isPresent: (port) => this.#finder.isPresent(port),
      clock: this.#parts.clock,
      listener: {
        reading: (reading) => this.#reading(reading),
        event: (kind, detail, facts) => this.#note({ kind, detail, ...facts }),
        identified: (config) => this.#identified(config),
      },
    });
  }

  #buildControl(): Control {
    const { logger } = this.#parts.log;
    return new Control({
      config: this.#parts.config,
      sensor: this.#sensor,
      recorder: this.#recorder,
      settings: this.#settings,
      warn: (message, error) => logger.warn({ error: String(error) }, message),
    });
  }

  /** Disk first; the row's text is made once for all. */
  #reading(reading: Reading): void {
    const prefix = rowPrefix(reading);
    this.#recorder.append(reading, prefix);
    this.#memory.push(reading);
    this.#live.push(reading, prefix);
  }

  #note(event: { kind: string; detail: string }): void {
    this.#parts.log.logger.info(event, event.detail);
    this.#recorder.note(event);
  }

  #identified(config: SensorConfig): void {
    this.#parts.log.logger.info({ sensor_id: config.sensor_id }, 'Sensor identified');
    this.#recorder.updateSensor(config);
  }

  #watchClock(): void {
    const { clock } = this.#parts;
    clock.onStep((seconds) => {
      const detail = `The vehicle's clock was set by ${seconds.toFixed(3)} s.`;
      this.#note({ kind: 'clock_step', detail, step_s: seconds } as never);
    });
    this.#clockWatch = setInterval(() => clock.now(), CLOCK_WATCH_MS);
  }

  #logRecording(): void {
    const { logger } = this.#parts.log;
    this.#recorder.listen({
      sealed: (chunk) => logger.info(chunk, `Sealed ${chunk.filename}`),
      failed: (reason) => logger.error({ reason }, 'The recording failed'),
    });
  }

  /** What was being recorded goes on; else the settings say whether the sensor is looked for. */
  async #goOn(): Promise<void> {
    const { logger } = this.#parts.log;
    const { report, resumable } = await recover(
      this.#parts.config.recordingPath,
      this.#parts.clock,
    );
    for (const line of report) logger.warn(line, 'Recovery');
    const failed = report.find(({ kind }) => kind === 'recovery_failed');
    if (failed) this.#recorder.giveUp(failed.detail);
    if (resumable) {
      await this.#recorder.resume(resumable);
      const { port, baud } = resumable.metadata;
      this.#control.pursue(port ?? undefined, baud ?? undefined);
    } else if (failed || this.#settings.current.connect_at_start) this.#control.pursue();
    else logger.info('No sensor is connected: waiting for a client to connect it.');
  }
}

/** The simulator runs only when asked for, by a path that begins with `sim:`. */
function portOpener(remember: (path: string) => Promise<void>): OpenPort {
  const openSimulator = createSimulatorOpener();
  return async (path, baud) => {
    if (path.startsWith('sim:')) return openSimulator(path, baud);
    const port = await openRealPort(path, baud);
    await remember(path);
    return port;
  };
}
