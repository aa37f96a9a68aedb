import type { Readable, Writable } from 'node:stream';
import type { SerialPortInfo } from '../../shared/api/sensor.ts';
import type { Clock } from '../../shared/clock.ts';
import type { ApiError } from '../../shared/errors.ts';
import type { Annotations } from '../annotations/annotations.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { MemoryExports } from '../export/memory-exports.ts';
import type { SessionExports } from '../export/session-exports.ts';
import type { DataLake } from '../live/data-lake.ts';
import type { EventStreamOptions } from '../live/event-stream.ts';
import type { LiveHub } from '../live/hub.ts';
import type { MemoryRecorder } from '../live/memory-recorder.ts';
import type { Streams } from '../live/streams.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { Sensor } from '../sensor/sensor.ts';
import type { ClockWatch } from '../time/clock-watch.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import type { Build } from './build.ts';
import type { ByItselfWatch } from './by-itself-watch.ts';
import type { Control } from './control.ts';
import type { Disk } from './disk.ts';
import type { SettingsStore } from './settings.ts';
import type { Survey } from './survey.ts';

/** What HTTP is handed: it imports no implementation of its own. */
export interface Services {
  build: Build;
  clock: Clock;
  control: Control;
  sensor: Pick<Sensor, 'snapshot' | 'consoleLines' | 'configurationDump'>;
  live: LiveHub;
  /** Rows of a session as they are recorded; rejects with session_not_found. */
  tail(sessionId: string, fromSeq: number): Promise<Readable>;
  /** The body of GET /recent, made piece by piece. */
  recentBody(seconds: number): Readable;
  memory: MemoryRecorder;
  memoryExports: MemoryExports;
  sessionExports: SessionExports;
  streams: Streams;
  /** Readings as server-sent events, written until the other end goes. */
  sendEvents(to: Writable, options: EventStreamOptions): Promise<void>;
  dataLake: DataLake;
  recorder: Pick<Recorder, 'status' | 'isRecording' | 'check' | 'active' | 'note'>;
  byItself: Pick<ByItselfWatch, 'words'>;
  survey: Survey;
  clockWatch: Pick<ClockWatch, 'status' | 'compared'>;
  vehicle: Pick<Vehicle, 'status' | 'surfaceNow'>;
  catalogue: Catalogue;
  annotations: Annotations;
  settings: SettingsStore;
  disk: Disk;
  /** What the pilot must know now, in a few words; null: nothing. */
  pilotNotice(): string | null;
  ports(looksForUse: boolean): Promise<SerialPortInfo[]>;
  lastLogLines(): string[];
  /** Folder of the built page. */
  webRoot: string;
  /** Folder of the documentation's parts. */
  docsRoot: string;
  corsOrigins: readonly string[];
  /** Asked for in calls that change something; null: none is. */
  apiToken: string | null;
  /** What a client is told of an error; one that nobody expected ends the process, the chunk sealed. */
  explain(error: unknown): ApiError;
}
