import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { mapConcurrent } from '../server/files/map-concurrent.ts';
import { chunkName } from '../server/format/chunk-name.ts';
import { MANIFEST_NAME } from '../server/format/names.ts';
import { ROW_FORMATS } from '../server/format/row-format.ts';
import { isoMicros } from '../shared/clock.ts';
import type { Chunk } from '../shared/session.ts';
import { type SealedPart, VEHICLE_FILE, VEHICLE_MANIFEST } from '../shared/vehicle.ts';
import { metadata } from './past-session.ts';

const START_MICROS = 1_762_957_845_000_000;
const RATE_HZ = 15;
/** What a vehicle sends in a second. */
const VEHICLE_HZ = 5;
const DIVE_S = 600;
const DEEPEST_M = 30;
const BLOCK = 1000;

/** A closed session with chunks of 1 s, with a vehicle that dives, as it lies on disk when it was stopped. */
export async function longSession(root: string, chunks: number): Promise<string> {
  const id = randomUUID();
  const folder = join(root, id);
  await mkdir(folder, { recursive: true });
  let bytes = 0;
  const manifest = createWriteStream(join(folder, MANIFEST_NAME));
  for (let from = 0; from < chunks; from += BLOCK) {
    const indexes = Array.from({ length: Math.min(BLOCK, chunks - from) }, (_, at) => from + at);
    const made = await mapConcurrent(indexes, (index) => writeChunk(folder, index));
    manifest.write(made.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    bytes += made.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  }
  await finished(manifest.end());
  const part = await writeTrack(folder, chunks);
  await writeFile(join(folder, 'events.jsonl'), events(chunks));
  const totals = { total_rows: chunks * RATE_HZ, duration_s: chunks, size_bytes: bytes };
  const said = { ...metadata(id, chunks, 0), ...totals, chunk_interval_s: 1, other_files: [part] };
  await writeFile(join(folder, 'metadata.json'), JSON.stringify(said));
  return id;
}

async function writeChunk(folder: string, index: number): Promise<Chunk> {
  const rows = Array.from({ length: RATE_HZ }, (_, at) => rowLine(index * RATE_HZ + at));
  const text = rows.join('');
  const filename = chunkName(index, 'jsonl');
  await writeFile(join(folder, filename), text);
  const timeOf = (second: number) => isoMicros(START_MICROS + Math.round(second * 1e6));
  return {
    ...{ index, filename, size_bytes: text.length, row_count: RATE_HZ, sha256: sha256(text) },
    ...{ created_at: timeOf(index + 1), first_timestamp: timeOf(index) },
    last_timestamp: timeOf(index + (RATE_HZ - 1) / RATE_HZ),
    ...{ first_seq: index * RATE_HZ, last_seq: (index + 1) * RATE_HZ - 1 },
  };
}

function rowLine(seq: number): string {
  const mono = seq / RATE_HZ;
  const row = {
    ...{ wallMicros: START_MICROS + Math.round(mono * 1e6), mono, sensorId: 'SIM0001' },
    ...{ mode: 'freerun' as const, value: (1 + Math.random()).toFixed(6) },
    ...{ temperature: '27.68', voltage: '7.494' },
  };
  return ROW_FORMATS.jsonl.line(row, seq, mono);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** vehicle.jsonl, sealed with each chunk. */
async function writeTrack(folder: string, seconds: number): Promise<SealedPart> {
  const track = createWriteStream(join(folder, VEHICLE_FILE));
  const seals = createWriteStream(join(folder, VEHICLE_MANIFEST));
  const hash = createHash('sha256');
  const part: SealedPart = {
    ...{ filename: VEHICLE_FILE, size_bytes: 0, row_count: 0, sha256: '', sealed_at: '' },
  };
  for (let second = 0; second < seconds; second += 1) {
    const text = Array.from({ length: VEHICLE_HZ }, (_, at) =>
      trackLine(second + at / VEHICLE_HZ),
    ).join('');
    hash.update(text);
    part.size_bytes += text.length;
    part.row_count += VEHICLE_HZ;
    part.sha256 = hash.copy().digest('hex');
    part.sealed_at = isoMicros(START_MICROS + (second + 1) * 1e6);
    seals.write(`${JSON.stringify(part)}\n`);
    if (!track.write(text)) await once(track, 'drain');
  }
  await Promise.all([finished(track.end()), finished(seals.end())]);
  return part;
}

function trackLine(elapsed_s: number): string {
  const down = (1 - Math.cos((elapsed_s * 2 * Math.PI) / DIVE_S)) / 2;
  const row = {
    ...{ timestamp: isoMicros(START_MICROS + Math.round(elapsed_s * 1e6)), elapsed_s },
    ...{ depth_m: Number((DEEPEST_M * down).toFixed(3)), depth_age_s: 0.05 },
    ...{ latitude_deg: 42.6 + elapsed_s / 1e6, longitude_deg: -8.9, position_age_s: 0.1 },
    ...{ heading_deg: 350, heading_age_s: 0.05, depth_source: 'pressure' },
    ...{ water_temperature_c: null, water_temperature_age_s: null, position_source: 'GPS' },
    ...{ roll_deg: 1.2, pitch_deg: -0.8, yaw_deg: -10, attitude_age_s: 0.03 },
  };
  return `${JSON.stringify(row)}\n`;
}

function events(seconds: number): string {
  const event = (elapsed_s: number, kind: string, detail: string) =>
    `${JSON.stringify({ timestamp: isoMicros(START_MICROS + elapsed_s * 1e6), elapsed_s, kind, detail })}\n`;
  const began = event(0, 'recording_started', 'The recording began.');
  return began + event(seconds, 'recording_stopped', 'The recording was stopped.');
}
