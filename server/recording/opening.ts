import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SensorConfig } from '../../shared/api/sensor.ts';
import { type Clock, isoMicros } from '../../shared/clock.ts';
import type { UserMetadata } from '../../shared/session.ts';
import { syncFolder } from './durable-file.ts';
import { MetadataFile, SCHEMA_VERSION, type SessionMetadata } from './metadata.ts';
import type { FormatName } from './row-format.ts';
import { storageError } from './storage-error.ts';
import { readBootId } from './timeline.ts';

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
}

/** Makes the session's folder with its metadata.json; when that fails nothing is left behind. */
export async function openFolder(
  root: string,
  id: string,
  options: StartOptions,
  softwareVersion: string,
  clock: Clock,
): Promise<{ folder: string; metadata: MetadataFile }> {
  const folder = join(root, id);
  try {
    await mkdir(folder, { recursive: true });
    const data = firstMetadata(id, options, softwareVersion, await readBootId(), clock);
    const metadata = new MetadataFile(folder, data);
    await metadata.write();
    await syncFolder(root);
    return { folder, metadata };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw storageError(error);
  }
}

function firstMetadata(
  id: string,
  options: StartOptions,
  softwareVersion: string,
  bootId: string | null,
  clock: Clock,
): SessionMetadata {
  const { wallMicros, mono } = clock.now();
  return {
    ...options.metadata,
    session_id: id,
    schema_version: SCHEMA_VERSION,
    software_version: softwareVersion,
    state: 'recording',
    failure: null,
    format: options.format ?? 'jsonl',
    start_time: isoMicros(wallMicros),
    end_time: null,
    resumed_at: null,
    chunk_interval_s: options.chunkIntervalS,
    sensor_id: options.sensor?.sensor_id ?? null,
    sensor: { ...options.sensor },
    port: options.port,
    baud: options.baud,
    boot_id: bootId,
    mono_start: mono,
    total_rows: 0,
    chunk_count: 0,
    size_bytes: 0,
    duration_s: 0,
    needs_recovery: false,
  };
}
