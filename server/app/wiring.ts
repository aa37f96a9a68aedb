import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { vehicleSetup } from '../../shared/vehicle.ts';
import { Annotations } from '../annotations/annotations.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import type { SystemClock } from '../clock.ts';
import type { Build } from '../control/build.ts';
import { ByItselfWatch } from '../control/by-itself-watch.ts';
import { Control } from '../control/control.ts';
import { Disk } from '../control/disk.ts';
import { Feed } from '../control/feed.ts';
import type { Services } from '../control/services.ts';
import { SettingsStore } from '../control/settings.ts';
import { SurfaceStore } from '../control/surface-store.ts';
import { Survey } from '../control/survey.ts';
import { MemoryExports } from '../export/memory-exports.ts';
import { SessionExports } from '../export/session-exports.ts';
import { EventStream, type EventStreamOptions } from '../live/event-stream.ts';
import { LiveHub } from '../live/hub.ts';
import { MemoryRecorder } from '../live/memory-recorder.ts';
import { rowsBody } from '../live/rows-body.ts';
import { Streams } from '../live/streams.ts';
import { DiveKd } from '../pilot/dive-kd.ts';
import type { PilotWatch } from '../pilot/pilot-watch.ts';
import { Recorder } from '../recording/recorder.ts';
import { tailOf } from '../recording/tail.ts';
import { closeFolder } from '../recovery/close-folder.ts';
import { Judge } from '../recovery/judge.ts';
import { closeOlder } from '../recovery/recovery.ts';
import { Sensor } from '../sensor/sensor.ts';
import { PortFinder } from '../serial/port-finder.ts';
import { listPorts } from '../serial/ports.ts';
import type { StallWatch } from '../serial/stall-watch.ts';
import { ClockWatch } from '../time/clock-watch.ts';
import { Vehicle } from '../vehicle/vehicle.ts';
import { type Config, SIMULATED } from './config.ts';
import { explainer } from './explain.ts';
import type { Log } from './log.ts';
import { portOpener } from './open-port.ts';
import { vehicleOpener } from './open-vehicle.ts';
import { buildDataLake, buildPilotWatch } from './pilot-parts.ts';

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
  byItself: ByItselfWatch;
  clockWatch: ClockWatch;
}

export function buildParts(given: AppParts): Parts {
  const clockWatch = new ClockWatch(given.clock);
  const recording = recordingParts(given, clockWatch);
  const live = liveParts(given);
  const { logger } = given.log;
  const feed = new Feed({ ...recording, ...live, logger });
  const sensor = buildSensor(given, feed);
  const kd = buildKd({ ...recording, ...live });
  clockWatch.listen({
    event: (note) => feed.event(note),
    known: (state) => recording.recorder.clockKnown(state),
  });
  const vehicle = buildVehicle(given, { ...recording, ...live, feed, kd, clockWatch });
  const warn = (message: string, error: unknown) => logger.warn({ error: String(error) }, message);
  const { config, clock, build, log } = given;
  const control = new Control({ ...recording, config, sensor, warn });
  const byItself = new ByItselfWatch({
    ...{ clock, control, warn, recorder: recording.recorder },
    rules: () => recording.settings.current,
    vehicle: () => vehicle.status().last,
    path: join(config.recordingPath, 'by-itself.json'),
  });
  const survey = new Survey({
    ...{ ...recording, clock, sensor, softwareVersion: build.version },
    recordAtOnce: (options) => control.recordAtOnce(options),
    freeBytes: async () => (await recording.disk.space()).free_bytes,
  });
  const needs = { ...recording, ...live, sensor, vehicle, kd, byItself };
  const pilot = buildPilotWatch(given, needs);
  const services: Services = {
    ...{ ...given, ...recording, ...live, control, sensor, survey, vehicle, byItself, clockWatch },
    pilotNotice: () => pilot.notice,
    dataLake: buildDataLake(pilot, needs),
    explain: explainer(logger, given.onUnexpected),
    ports: (looksForUse) => listPorts(looksForUse),
    tail: (sessionId, fromSeq) => tail(recording, sessionId, fromSeq),
    lastLogLines: () => log.lastLines(),
    corsOrigins: config.corsOrigins,
    apiToken: config.apiToken,
  };
  return {
    services,
    feed,
    recorder: recording.recorder,
    sensor,
    vehicle,
    pilot,
    byItself,
    clockWatch,
  };
}

function recordingParts({ config, clock, build, log }: AppParts, clockWatch: ClockWatch) {
  const root = config.recordingPath;
  const settings = new SettingsStore(root);
  const recorder = new Recorder({
    ...{ root, clock, softwareVersion: build.version },
    reserveBytes: () => settings.current.disk_reserve_bytes,
    collector: () => settings.current.collector,
    vehicleSetup: () => vehicleSetup.parse(settings.current),
    clockState: () => clockWatch.state(),
    closeFolder,
    closeInterrupted: (found) => closeOlder(found, clock),
  });
  const judge = new Judge({
    ...{ root, clock },
    isInHand: (id) => recorder.holds(id),
    onMended: (line) => log.logger.warn(line, 'Recovery'),
  });
  const catalogue = new Catalogue({ root, recorder, judge });
  const sessionExports = new SessionExports(catalogue, root, build.version, (detail, error) =>
    log.logger.warn({ error: String(error) }, detail),
  );
  const annotations = new Annotations(root, clock, catalogue);
  return { settings, recorder, catalogue, annotations, sessionExports, disk: new Disk(root) };
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

function buildKd({ recorder, live }: { recorder: Recorder; live: LiveHub }): DiveKd {
  const kd = new DiveKd(() => recorder.active?.id ?? null);
  live.subscribe((_prefix, reading) => kd.reading(reading));
  return kd;
}

interface VehicleNeeds {
  clockWatch: ClockWatch;
  feed: Feed;
  kd: DiveKd;
  live: LiveHub;
  recorder: Recorder;
  settings: SettingsStore;
}

function buildVehicle({ config, clock, stalls, log }: AppParts, needs: VehicleNeeds): Vehicle {
  const { feed, live, recorder, settings, kd, clockWatch } = needs;
  return new Vehicle({
    ...{ clock, stalls },
    open: vehicleOpener(config),
    simulated: config.mavlink2rest === SIMULATED,
    event: (note) => feed.event(note),
    surfaces: new SurfaceStore(join(config.recordingPath, 'surface.json'), clock, (detail, error) =>
      log.logger.warn({ error: String(error) }, detail),
    ),
    listener: {
      sampled: (sample) => {
        recorder.vehicle(sample);
        clockWatch.sampled(sample);
        kd.sampled(sample);
      },
      lost: (detail) => feed.event({ kind: 'vehicle_lost', detail }),
      back: (detail) => feed.event({ kind: 'vehicle_back', detail }),
      told: (detail) => log.logger.info(detail),
    },
    latest: () => live.last,
    recording: () => ({ isOn: recorder.isRecording, kd: kd.value }),
    settings: () => settings.current,
    recordingProblem: () => recorder.active?.vehicleProblem ?? null,
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
