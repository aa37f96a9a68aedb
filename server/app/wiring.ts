import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { vehicleSetup } from '../../shared/vehicle.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import type { SystemClock } from '../clock.ts';
import type { Build } from '../control/build.ts';
import { Control } from '../control/control.ts';
import { Disk } from '../control/disk.ts';
import { Feed } from '../control/feed.ts';
import type { Services } from '../control/services.ts';
import { SettingsStore } from '../control/settings.ts';
import { SurfaceStore } from '../control/surface-store.ts';
import { Survey } from '../control/survey.ts';
import { MemoryExports } from '../export/memory-exports.ts';
import { SessionExports } from '../export/session-exports.ts';
import { DataLake } from '../live/data-lake.ts';
import { EventStream, type EventStreamOptions } from '../live/event-stream.ts';
import { LiveHub } from '../live/hub.ts';
import { MemoryRecorder } from '../live/memory-recorder.ts';
import { rowsBody } from '../live/rows-body.ts';
import { Streams } from '../live/streams.ts';
import { PilotWatch } from '../pilot/pilot-watch.ts';
import { Recorder } from '../recording/recorder.ts';
import { tailOf } from '../recording/tail.ts';
import { closeFolder } from '../recovery/close-folder.ts';
import { Judge } from '../recovery/judge.ts';
import { closeOlder } from '../recovery/recovery.ts';
import { Sensor } from '../sensor/sensor.ts';
import { PortFinder } from '../serial/port-finder.ts';
import { listPorts } from '../serial/ports.ts';
import type { StallWatch } from '../serial/stall-watch.ts';
import { Vehicle } from '../vehicle/vehicle.ts';
import { type Config, SIMULATED } from './config.ts';
import { explainer } from './explain.ts';
import type { Log } from './log.ts';
import { portOpener } from './open-port.ts';
import { vehicleOpener } from './open-vehicle.ts';

export interface AppParts {
  config: Config;
  build: Build;
  clock: SystemClock;
  stalls: StallWatch;
  log: Log;
  webRoot: string;
  docsRoot: string;
  /** An error that nobody expected; ends the process. */
  onUnexpected(error: unknown): void;
}

/** Everything that the service is made of, wired together and not yet started. */
export interface Parts {
  services: Services;
  feed: Feed;
  recorder: Recorder;
  sensor: Sensor;
  vehicle: Vehicle;
  pilot: PilotWatch;
}

export function buildParts(given: AppParts): Parts {
  const recording = recordingParts(given);
  const live = liveParts(given);
  const { logger } = given.log;
  const feed = new Feed({ ...recording, ...live, logger });
  const sensor = buildSensor(given, feed);
  const vehicle = buildVehicle(given, { ...recording, ...live, feed });
  const warn = (message: string, error: unknown) => logger.warn({ error: String(error) }, message);
  const { config, clock, build, log } = given;
  const control = new Control({ ...recording, config, sensor, warn });
  const survey = new Survey({
    ...{ ...recording, clock, sensor, softwareVersion: build.version },
    recordAtOnce: (options) => control.recordAtOnce(options),
    freeBytes: async () => (await recording.disk.space()).free_bytes,
  });
  const pilot = buildPilotWatch(given, { ...recording, ...live, sensor, vehicle });
  const services: Services = {
    ...{ ...given, ...recording, ...live, control, sensor, survey, vehicle },
    pilotNotice: () => pilot.notice,
    dataLake: new DataLake(live.live, () => {
      const { is_recording, total_rows } = recording.recorder.status();
      const { depth_m } = vehicle.status().last;
      const { state } = sensor.snapshot();
      return { is_recording, total_rows, state, depth_m, notice: pilot.notice };
    }),
    explain: explainer(logger, given.onUnexpected),
    ports: (looksForUse) => listPorts(looksForUse),
    tail: (sessionId, fromSeq) => tail(recording, sessionId, fromSeq),
    lastLogLines: () => log.lastLines(),
    corsOrigins: config.corsOrigins,
    apiToken: config.apiToken,
  };
  return { services, feed, recorder: recording.recorder, sensor, vehicle, pilot };
}

function recordingParts({ config, clock, build, log }: AppParts) {
  const root = config.recordingPath;
  const settings = new SettingsStore(root);
  const recorder = new Recorder({
    ...{ root, clock, softwareVersion: build.version },
    reserveBytes: () => settings.current.disk_reserve_bytes,
    collector: () => settings.current.collector,
    vehicleSetup: () => vehicleSetup.parse(settings.current),
    closeFolder,
    closeInterrupted: (found) => closeOlder(found, clock),
  });
  const judge = new Judge({
    ...{ root, clock },
    isInHand: (id) => recorder.holds(id),
    onMended: (line) => log.logger.warn(line, 'Recovery'),
  });
  const catalogue = new Catalogue({ root, recorder, judge });
  const sessionExports = new SessionExports(catalogue, root, (detail, error) =>
    log.logger.warn({ error: String(error) }, detail),
  );
  return { settings, recorder, catalogue, sessionExports, disk: new Disk(root) };
}

function liveParts({ config, clock }: AppParts) {
  const live = new LiveHub(clock);
  const memory = new MemoryRecorder();
  const streams = new Streams(live, clock);
  return {
    ...{ live, memory, streams },
    sendEvents: (to: Writable, options: EventStreamOptions) =>
      new EventStream(to, live).run(streams, options),
    memoryExports: new MemoryExports(memory, config.recordingPath, clock),
    recentBody: (seconds: number) => rowsBody(live.recent(seconds)),
  };
}

function buildSensor({ clock, stalls }: AppParts, feed: Feed): Sensor {
  const finder = new PortFinder();
  return new Sensor({
    openPort: portOpener(finder),
    findPort: (port) => finder.find(port),
    isPresent: (port) => finder.isPresent(port),
    isSamePort: (one, other) => finder.isSame(one, other),
    ...{ clock, stalls },
    listener: feed,
  });
}

interface VehicleNeeds {
  feed: Feed;
  live: LiveHub;
  recorder: Recorder;
  settings: SettingsStore;
}

function buildVehicle({ config, clock, stalls, log }: AppParts, needs: VehicleNeeds): Vehicle {
  const { feed, live, recorder, settings } = needs;
  return new Vehicle({
    ...{ clock, stalls },
    open: vehicleOpener(config),
    simulated: config.mavlink2rest === SIMULATED,
    event: (note) => feed.event(note),
    surfaces: new SurfaceStore(join(config.recordingPath, 'surface.json'), clock, (detail, error) =>
      log.logger.warn({ error: String(error) }, detail),
    ),
    listener: {
      sampled: (sample) => recorder.vehicle(sample),
      lost: (detail) => feed.event({ kind: 'vehicle_lost', detail }),
      back: (detail) => feed.event({ kind: 'vehicle_back', detail }),
      told: (detail) => log.logger.info(detail),
    },
    latest: () => live.last,
    settings: () => settings.current,
    recordingProblem: () => recorder.active?.vehicleProblem ?? null,
  });
}

interface PilotNeeds {
  live: LiveHub;
  recorder: Recorder;
  sensor: Sensor;
  vehicle: Vehicle;
}

function buildPilotWatch({ clock, log }: AppParts, needs: PilotNeeds): PilotWatch {
  const { live, recorder, sensor, vehicle } = needs;
  return new PilotWatch({
    clock,
    recording: () => recorder.status(),
    sensor: () => {
      const { state, expectedRateHz } = sensor.snapshot();
      const periodS = state === 'PAUSED' ? null : 1 / (expectedRateHz ?? 1);
      return { ageS: live.lastReadingAge(), periodS };
    },
    vehicle: () => {
      const { system_id, last } = vehicle.status();
      return { isHeard: system_id !== null, depthM: last.depth_m };
    },
    tell: (notice) => {
      log.logger.info({ severity: notice.severity }, `To the pilot: ${notice.text}`);
      vehicle.say(notice);
    },
  });
}

/** A session that has ended has no tail, but it must be known. */
async function tail(
  { recorder, catalogue }: { recorder: Recorder; catalogue: Catalogue },
  sessionId: string,
  fromSeq: number,
): Promise<Readable> {
  const { active } = recorder;
  if (active?.id === sessionId) return Readable.from(tailOf(active.session, fromSeq));
  await catalogue.snapshots(sessionId);
  return Readable.from([]);
}
