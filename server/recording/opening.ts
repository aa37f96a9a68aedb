import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SensorConfig } from '../../shared/api/sensor.ts';
import type { Collector } from '../../shared/cf.ts';
import { type Clock, isoMicros } from '../../shared/clock.ts';
import type { Trigger, UserMetadata } from '../../shared/session.ts';
import type { ClockState } from '../../shared/time/comparison.ts';
import type { VehicleSetup } from '../../shared/vehicle.ts';
import { readBootId } from '../files/boot-id.ts';
import { renameDurably } from '../files/durable-file.ts';
import { storageError } from '../files/storage-error.ts';
import {
  description,
  MetadataFile,
  NOTHING_RECORDED,
  type SessionMetadata,
} from '../format/metadata.ts';
import type { FormatName } from '../format/row-format.ts';

/** What a new session is to be. */
export interface StartOptions {
  chunkIntervalS: number;
  /** The caller's own keys for metadata.json, checked with checkUserMetadata. */
  metadata: UserMetadata;
  port: string | null;
  baud: number | null;
  /** null while the sensor is not known yet. */
  sensor: SensorConfig | null;
  format?: FormatName;
  /** By default somebody asked for it. */
  trigger?: Trigger;
}

export interface Opening extends StartOptions {
  collector: Collector;
  vehicleSetup: VehicleSetup;
  clockState: ClockState;
  softwareVersion: string;
}

/** A session's folder has this before its name until metadata.json is in it. */
const STARTING = '.starting-';

/** Makes the session's folder with its metadata.json; when that fails nothing is left behind. */
export async function openFolder(
  root: string,
  id: string,
  options: Opening,
  clock: Clock,
): Promise<{ folder: string; metadata: MetadataFile }> {
  const folder = join(root, id);
  const unfinished = join(root, STARTING + id);
  try {
    await mkdir(unfinished, { recursive: true });
    const data = firstMetadata(id, options, await readBootId(), clock);
    await new MetadataFile(unfinished, data).write();
    await renameDurably(unfinished, folder);
    return { folder, metadata: new MetadataFile(folder, data) };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw storageError(error);
  }
}

function firstMetadata(
  id: string,
  options: Opening,
  bootId: string | null,
  clock: Clock,
): SessionMetadata {
  const { wallMicros, mono } = clock.now();
  return {
    ...options.metadata,
    ...NOTHING_RECORDED,
    session_id: id,
    software_version: options.softwareVersion,
    format: options.format ?? 'jsonl',
    start_time: isoMicros(wallMicros),
    chunk_interval_s: options.chunkIntervalS,
    sensor_id: options.sensor?.sensor_id ?? null,
    sensor: { ...options.sensor },
    port: options.port,
    baud: options.baud,
    boot_id: bootId,
    mono_start: mono,
    clock_seen: { timestamp: isoMicros(wallMicros), elapsed_s: 0 },
    clock_state: options.clockState,
    recording_trigger: options.trigger ?? 'request',
    vehicle_setup: options.vehicleSetup,
    ...description(options.collector, options.sensor),
  };
}
