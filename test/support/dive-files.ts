import { createHash } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chunkName } from '../../server/format/chunk-name.ts';
import { isoMicros } from '../../shared/clock.ts';
import { rowPrefix } from '../../shared/row.ts';
import type { Chunk } from '../../shared/session.ts';
import { VEHICLE_FILE, type VehicleRow } from '../../shared/vehicle.ts';

/** 2025-11-12T14:30:45Z: sessions of tests begin here. */
export const START_MICROS = 1_762_957_845_000_000;

/** A row of vehicle.jsonl; `wall` seconds after the start by the vehicle's clock. */
export function vehicleLine(elapsed: number, depth: number | null, wall = elapsed): string {
  const row: VehicleRow = {
    timestamp: isoMicros(START_MICROS + Math.round(wall * 1e6)),
    elapsed_s: elapsed,
    depth_m: depth,
    depth_age_s: depth === null ? null : 0,
    ...{ latitude_deg: 42.6, longitude_deg: -8.9, position_age_s: 0 },
    ...{ heading_deg: 270, heading_age_s: 0, water_temperature_c: 14, water_temperature_age_s: 0 },
  };
  return `${JSON.stringify(row)}\n`;
}

/** Adds five rows a second to a session's vehicle.jsonl. */
export async function writeVehicle(
  folder: string,
  [from, to]: [number, number],
  depthAt: (elapsed: number) => number | null,
): Promise<void> {
  const lines: string[] = [];
  for (let step = 5 * from; step < 5 * to; step += 1) {
    lines.push(vehicleLine(step / 5, depthAt(step / 5)));
  }
  await appendFile(join(folder, VEHICLE_FILE), lines.join(''));
}

/** A chunk of readings, `[seconds since the start, value]` each. */
export async function writeChunk(
  folder: string,
  index: number,
  readings: readonly (readonly [elapsed: number, value: number])[],
): Promise<Chunk> {
  const filename = chunkName(index, 'jsonl');
  const lines = readings.map(([elapsed, value], seq) => {
    const prefix = rowPrefix({
      ...{ wallMicros: START_MICROS + Math.round(elapsed * 1e6), mono: 0, value: String(value) },
      ...{ sensorId: 'SIM0001', mode: 'freerun', temperature: null, voltage: null },
    });
    return `${prefix},"seq":${seq},"elapsed_s":${elapsed.toFixed(6)}}\n`;
  });
  const text = lines.join('');
  await writeFile(join(folder, filename), text);
  return chunkOf(index, filename, text, readings.length);
}

/** What a manifest says of a chunk. */
export function chunkOf(index: number, filename: string, text: string, row_count: number): Chunk {
  return {
    ...{ index, filename, size_bytes: text.length, row_count },
    sha256: createHash('sha256').update(text).digest('hex'),
    ...{ created_at: isoMicros(START_MICROS), first_timestamp: null, last_timestamp: null },
    ...{ first_seq: null, last_seq: null },
  };
}
