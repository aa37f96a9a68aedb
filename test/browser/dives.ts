import { createHash, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isoMicros } from '../../shared/clock.ts';
import type { Chunk } from '../../shared/session.ts';
import { VEHICLE_FILE } from '../../shared/vehicle.ts';
import { START_MICROS, vehicleLine } from '../support/dive-files.ts';

/** A dive of the past, as it would lie on the vehicle's disk. */
export interface Dive {
  mission: string;
  /** Hours ago that it began. */
  hoursAgo: number;
  minutes: number;
  deepestM: number;
  /** Minutes into the dive between which the sensor sent nothing. */
  silent?: [from: number, to: number];
  failure?: string;
  /** The vehicle told its depth, and the pilot set these markers at so many minutes. */
  marks?: readonly (readonly [minute: number, text: string])[];
}

const RATE_HZ = 5;
const SURFACE_LIGHT = 1650;
/** Light falls by a factor of e every five metres or so in coastal water. */
const ATTENUATION_PER_M = 0.21;

/** Metres under water at a share of the dive: down, along the bottom, and up with a stop. */
function depthAt(dive: Dive, share: number): number {
  const down = Math.min(1, share / 0.22);
  const up = Math.min(1, (1 - share) / 0.3);
  const bottom = 1 + 0.06 * Math.sin(share * 40) + 0.04 * Math.sin(share * 97);
  return dive.deepestM * Math.min(down, up) ** 1.2 * bottom;
}

function lightAt(dive: Dive, second: number): number {
  const depth = depthAt(dive, second / (dive.minutes * 60));
  const waves =
    Math.exp(-depth / 6) * (0.16 * Math.sin(second * 1.9) + 0.1 * Math.sin(second * 4.7));
  const clouds = 1 + 0.12 * Math.sin(second / 97) + 0.05 * Math.sin(second / 31);
  return SURFACE_LIGHT * Math.exp(-ATTENUATION_PER_M * depth) * clouds * (1 + waves) + 0.01;
}

function rowsOf(dive: Dive, start: number, from: number, to: number): string[] {
  const rows: string[] = [];
  for (let i = from * RATE_HZ; i < to * RATE_HZ; i += 1) {
    const second = i / RATE_HZ;
    const [hush, back] = dive.silent ?? [0, 0];
    if (second >= hush * 60 && second < back * 60) continue;
    const row = {
      timestamp: isoMicros((start + second) * 1e6),
      sensor_id: 'SIM0001',
      mode: 'freerun',
      value: Number(lightAt(dive, second).toFixed(6)),
      TempC: 14.2,
      Vin: 12.1,
      seq: i,
      elapsed_s: second,
    };
    rows.push(`${JSON.stringify(row)}\n`);
  }
  return rows;
}

function eventsOf(dive: Dive, start: number): string {
  const event = (second: number, kind: string, detail: string) =>
    `${JSON.stringify({ timestamp: isoMicros((start + second) * 1e6), elapsed_s: second, kind, detail })}\n`;
  const [hush, back] = dive.silent ?? [0, 0];
  const hole = dive.silent
    ? event(hush * 60, 'sensor_silent', 'No reading for 3.0 s.') +
      event(back * 60, 'readings_resumed', `Readings go on after ${(back - hush) * 60} s.`)
    : '';
  const end = dive.failure
    ? event(dive.minutes * 60, 'disk_full', dive.failure)
    : event(dive.minutes * 60, 'recording_stopped', 'The recording was stopped.');
  const marks = (dive.marks ?? []).map(([minute, text]) => event(minute * 60, 'marker', text));
  return event(0, 'recording_started', 'The recording began.') + hole + marks.join('') + end;
}

function vehicleRows(dive: Dive, start: number): string {
  const steps = dive.minutes * 60 * RATE_HZ;
  const rows = Array.from({ length: steps }, (_, step) => {
    const second = step / RATE_HZ;
    const depth = Math.max(0, depthAt(dive, second / (dive.minutes * 60)));
    return vehicleLine(second, Number(depth.toFixed(3)), start - START_MICROS / 1e6 + second);
  });
  return rows.join('');
}

/** Writes the dive into the recorder's folder, in chunks of some seconds; gives its session id. */
export async function writeDive(root: string, dive: Dive, chunkS = 60): Promise<string> {
  const id = randomUUID();
  const folder = join(root, id);
  const start = Date.now() / 1000 - dive.hoursAgo * 3600;
  const chunks: Chunk[] = [];
  await mkdir(folder, { recursive: true });
  for (let from = 0; from < dive.minutes * 60; from += chunkS) {
    const rows = rowsOf(dive, start, from, Math.min(from + chunkS, dive.minutes * 60));
    if (rows.length === 0) continue;
    const text = rows.join('');
    const chunk = chunkOf(chunks, rows, text, start + from + chunkS);
    await writeFile(join(folder, chunk.filename), text);
    chunks.push(chunk);
  }
  const lines = chunks.map((chunk) => `${JSON.stringify(chunk)}\n`);
  await writeFile(join(folder, 'manifest.jsonl'), lines.join(''));
  await writeFile(join(folder, 'events.jsonl'), eventsOf(dive, start));
  if (dive.marks) await writeFile(join(folder, VEHICLE_FILE), vehicleRows(dive, start));
  await writeFile(
    join(folder, 'metadata.json'),
    JSON.stringify(metadataOf(id, dive, start, chunks, chunkS)),
  );
  return id;
}

function chunkOf(before: Chunk[], rows: string[], text: string, sealed: number): Chunk {
  const first = JSON.parse(rows[0] ?? '{}');
  const last = JSON.parse(rows.at(-1) ?? '{}');
  return {
    index: before.length,
    filename: `chunk_${String(before.length).padStart(5, '0')}.jsonl`,
    size_bytes: text.length,
    row_count: rows.length,
    sha256: createHash('sha256').update(text).digest('hex'),
    created_at: isoMicros(sealed * 1e6),
    first_timestamp: first.timestamp,
    last_timestamp: last.timestamp,
    first_seq: first.seq,
    last_seq: last.seq,
  };
}

function metadataOf(id: string, dive: Dive, start: number, chunks: Chunk[], chunkS: number) {
  const sum = (key: 'row_count' | 'size_bytes') =>
    chunks.reduce((total, chunk) => total + chunk[key], 0);
  return {
    mission: dive.mission,
    operator: 'A. Diver',
    vessel: 'RV Nerita',
    session_id: id,
    schema_version: 1,
    software_version: '0.1.0',
    state: dive.failure ? 'failed' : 'complete',
    failure: dive.failure ?? null,
    format: 'jsonl',
    start_time: isoMicros(start * 1e6),
    end_time: isoMicros((start + dive.minutes * 60) * 1e6),
    resumed_at: null,
    chunk_interval_s: chunkS,
    sensor_id: 'SIM0001',
    sensor: { averaging: 25, adc_rate_hz: 125, calibration_units: 'umol/(m2 s)' },
    port: 'sim:',
    baud: 9600,
    boot_id: '00000000-0000-4000-8000-000000000000',
    mono_start: 0,
    total_rows: sum('row_count'),
    chunk_count: chunks.length,
    size_bytes: sum('size_bytes'),
    duration_s: dive.minutes * 60,
    needs_recovery: false,
  };
}
