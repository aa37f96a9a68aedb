import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type SensorConfig, sensorConfig } from '../../shared/api/sensor.ts';
import { readBootId } from '../files/boot-id.ts';
import { FolderInUse, FolderLock } from '../files/folder-lock.ts';
import { inTime } from '../files/in-time.ts';
import { DiskStandsStill, isDiskFault } from '../files/storage-error.ts';
import type { Resumable } from '../format/found.ts';
import { listen } from '../http/server.ts';
import { recover } from '../recovery/recovery.ts';
import { type AppParts, buildParts, type Parts } from './wiring.ts';

/** The clock is looked at this often, so that a step is noticed while no reading comes. */
const CLOCK_WATCH_MS = 1000;

const PROGRAM = 'qsensor-recorder';
/** A disk that stands still must not keep the service from answering. */
const LOCK_PATIENCE_MS = 5000;

/** After a longer break another sensor may hang on the cable: then it is asked who it is. */
const SAME_SENSOR_S = 60;

/** The whole service. */
export class App {
  #given: AppParts;
  #parts: Parts;
  #server: Server | null = null;
  #clockWatch: NodeJS.Timeout | undefined;
  readonly #folderLock: FolderLock;

  constructor(given: AppParts) {
    this.#given = given;
    this.#parts = buildParts(given);
    const { recordingPath } = given.config;
    this.#folderLock = new FolderLock(recordingPath, { program: PROGRAM, isShared: false });
  }

  /** Resolves with the port that it listens on. HTTP answers before old sessions are mended. */
  async start(): Promise<number> {
    const { config, log } = this.#given;
    const { settings, disk, control } = this.#parts.services;
    await this.#lock();
    await settings.start((message) => log.logger.warn(message));
    await disk.start();
    this.#watchClock();
    this.#given.stalls.start();
    await this.#parts.clockWatch.start();
    this.#logRecording();
    await this.#parts.vehicle.start();
    this.#parts.pilot.start();
    this.#server = await listen(this.#parts.services, config.host, config.port);
    const port = (this.#server.address() as AddressInfo).port;
    log.logger.info({ host: config.host, port }, 'Listening');
    await control.whileMending(() => this.#goOn());
    await this.#parts.byItself.start();
    void this.#parts.services.catalogue.lookAtAll();
    return port;
  }

  /** Seals the chunk and leaves the session open: the next start goes on with it. */
  async stop(): Promise<void> {
    const { services, recorder, sensor, vehicle, pilot, byItself } = this.#parts;
    clearInterval(this.#clockWatch);
    pilot.stop();
    this.#parts.clockWatch.stop();
    byItself.stop();
    this.#given.stalls.stop();
    // Before all else: whatever the error was, it may also be in the way of the rest.
    await recorder.suspend();
    services.streams.stop();
    vehicle.stop();
    this.#server?.close();
    await sensor.disconnect();
    services.disk.stop();
    this.#server?.closeAllConnections();
    await this.#folderLock.release().catch(unlessDiskFault);
  }

  /** A disk that can't be written is told of elsewhere, and must not keep the service down. */
  async #lock(): Promise<void> {
    const { config, log } = this.#given;
    try {
      await mkdir(config.recordingPath, { recursive: true });
      await inTime(this.#folderLock.acquire(), LOCK_PATIENCE_MS, lockIsLate);
    } catch (error) {
      if (error instanceof FolderInUse || !isDiskFault(error)) throw error;
      log.logger.warn({ error: String(error) }, 'The recording folder could not be locked');
    }
  }

  #watchClock(): void {
    const { clock } = this.#given;
    clock.onStep((seconds, at) => this.#parts.feed.clockStepped(seconds, at));
    this.#clockWatch = setInterval(() => clock.now(), CLOCK_WATCH_MS);
  }

  #logRecording(): void {
    const { logger } = this.#given.log;
    this.#parts.recorder.listen({
      sealed: (chunk) => logger.info(chunk, `Sealed ${chunk.filename}`),
      began: () => this.#parts.clockWatch.sessionBegan(),
      flushPending: () => this.#parts.sensor.flushPending(),
      failed: (reason) => logger.error({ reason }, 'The recording failed'),
    });
  }

  /** What was being recorded goes on; else the settings say whether the sensor is looked for. */
  async #goOn(): Promise<void> {
    const { config, clock, log } = this.#given;
    const { recorder, services } = this.#parts;
    const { report, resumable } = await recover(config.recordingPath, clock);
    for (const line of report) log.logger.warn(line, 'Recovery');
    const failed = report.find(({ kind }) => kind === 'recovery_failed');
    if (failed) recorder.giveUp(failed.detail);
    if (resumable) await this.#resume(resumable);
    else if (failed || services.settings.current.connect_at_start) services.control.restore();
    else log.logger.info('No sensor is connected: waiting for a client to connect it.');
  }

  async #resume(resumable: Resumable): Promise<void> {
    const { port, baud } = resumable.metadata;
    const known = await this.#knownSensor(resumable);
    await this.#parts.recorder.resume(resumable);
    this.#parts.services.control.restore(port ?? undefined, baud ?? undefined, known);
  }

  /** What the sensor told before a short restart: one that still streams is heard at once. */
  async #knownSensor({ metadata, lastRow }: Resumable): Promise<SensorConfig | null> {
    const boot = await readBootId();
    const since = this.#given.clock.now().mono - metadata.mono_start - (lastRow?.elapsed ?? 0);
    if (boot === null || boot !== metadata.boot_id || since > SAME_SENSOR_S) return null;
    const parsed = sensorConfig.safeParse(metadata.sensor);
    return parsed.success ? parsed.data : null;
  }
}

function lockIsLate(): DiskStandsStill {
  return new DiskStandsStill('the disk has not answered for 5 s');
}

/** The next start takes over a lock that could not be taken away. */
function unlessDiskFault(error: unknown): void {
  if (!isDiskFault(error)) throw error;
}
