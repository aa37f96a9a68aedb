import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isoMicros, parseIsoMicros } from '../../shared/clock.ts';
import type { SealedPart, VehicleRow } from '../../shared/vehicle.ts';
import { VEHICLE_FILE } from '../../shared/vehicle.ts';

const ROWS_A_SECOND = 5;
const SURFACE_WAIT_S = 5;
const DESCENT_M_S = 0.4;

interface Metadata {
  start_time: string;
  duration_s: number;
  clock_steps: { elapsed_s: number; step_s: number }[];
}

/** A vehicle.jsonl beside a recording: the vehicle waits at the surface, then goes down. */
export async function writeDescent(folder: string): Promise<void> {
  const metadata: Metadata = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8'));
  const rows: VehicleRow[] = [];
  for (let at = 0.1; at < metadata.duration_s; at += 1 / ROWS_A_SECOND)
    rows.push(rowAt(metadata, at));
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const sealed: SealedPart = {
    filename: VEHICLE_FILE,
    size_bytes: Buffer.byteLength(text),
    row_count: rows.length,
    sha256: createHash('sha256').update(text).digest('hex'),
    sealed_at: wallTime(metadata, metadata.duration_s),
  };
  await writeFile(join(folder, VEHICLE_FILE), text);
  await writeFile(join(folder, 'vehicle_manifest.jsonl'), `${JSON.stringify(sealed)}\n`);
}

function rowAt(metadata: Metadata, seconds: number): VehicleRow {
  const depth = Math.max(0, (seconds - SURFACE_WAIT_S) * DESCENT_M_S);
  return {
    timestamp: wallTime(metadata, seconds),
    elapsed_s: Number(seconds.toFixed(6)),
    depth_m: Number(depth.toFixed(2)),
    depth_age_s: 0.05,
    latitude_deg: 54.1776,
    longitude_deg: 7.8931,
    position_age_s: 0.1,
    heading_deg: 90,
    heading_age_s: 0.05,
    water_temperature_c: 14.2,
    water_temperature_age_s: 0.2,
  };
}

/** By the vehicle's clock, as it was set at that moment. */
function wallTime({ start_time, clock_steps }: Metadata, seconds: number): string {
  const steps = clock_steps.filter(({ elapsed_s }) => elapsed_s <= seconds);
  const stepped = steps.reduce((sum, { step_s }) => sum + step_s, 0);
  return isoMicros(parseIsoMicros(start_time) + Math.round((seconds + stepped) * 1e6));
}
