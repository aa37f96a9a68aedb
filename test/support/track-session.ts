import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportSession } from '../../server/export/export-session.ts';
import { isoMicros } from '../../shared/clock.ts';
import type { SessionEvent } from '../../shared/session.ts';
import type { Comparison } from '../../shared/time/comparison.ts';
import { VEHICLE_FILE, type VehicleRow } from '../../shared/vehicle.ts';
import { START_MICROS, vehicleLine, writeChunk } from './dive-files.ts';
import { temporaryFolder } from './recorder-bench.ts';

const ID = '3f1c9a52-7c3e-4a53-9d64-0b6f2f0c8a11';

/** A session of 10 s at 2 Hz whose light is its time, for exports; without a vehicle. */
export async function lightSession(): Promise<ExportSession> {
  const folder = await temporaryFolder();
  const readings = Array.from({ length: 20 }, (_, at) => [at / 2, at / 2] as const);
  const { filename } = await writeChunk(folder, 0, readings);
  const startTime = isoMicros(START_MICROS);
  const summary = {
    ...{ session_id: ID, state: 'complete' as const, mission: 'Reef & "Kelp" <7>' },
    ...{ start_time: startTime, end_time: isoMicros(START_MICROS + 10e6), duration_s: 10 },
    ...{ total_rows: 20, chunk_count: 1, size_bytes: 1, sensor_id: 'SIM0001', failure: null },
  };
  const metadata = { format: 'jsonl', sensor: { calibration_units: 'umol/(m2 s)' } };
  const detail = { summary, metadata, chunks: [], other_files: [], events: [] };
  const paths = [join(folder, filename)];
  return { folder, startTime, byWallClock: false, events: [], paths, detail, deployment: null };
}

/** The session's clock was compared with a client's: by default it was right to 20 ms. */
export function compared(elapsed_s: number, told: Partial<Comparison> = {}): SessionEvent {
  const timestamp = isoMicros(START_MICROS + elapsed_s * 1e6);
  const fields = { compared_with: 'client', client: 'topside', offset_s: 0, uncertainty_s: 0.02 };
  const event = { timestamp, elapsed_s, kind: 'clock_compared', detail: 'Compared.' };
  return { ...event, ...fields, ...told };
}

/** Adds a row of the vehicle, which differs from the usual one in these fields. */
export async function addVehicleRow(
  folder: string,
  elapsed: number,
  fields: Partial<VehicleRow> = {},
): Promise<void> {
  const row = { ...JSON.parse(vehicleLine(elapsed, elapsed)), ...fields };
  await appendFile(join(folder, VEHICLE_FILE), `${JSON.stringify(row)}\n`);
}
