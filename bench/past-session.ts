import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chunk } from '../shared/session.ts';

const START = '2025-11-12T14:30:45.000000Z';
const ROW_BYTES = 165;

export function chunkName(index: number): string {
  return `chunk_${String(index).padStart(5, '0')}.jsonl`;
}

/** A closed session as it lies on disk, without its chunks' files: only its manifest is read. */
export async function pastSession(root: string, chunks: number, bytes: number): Promise<string> {
  const id = randomUUID();
  const folder = join(root, id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'manifest.jsonl'), manifest(chunks, bytes));
  await writeFile(join(folder, 'metadata.json'), JSON.stringify(metadata(id, chunks, bytes)));
  return id;
}

/** The session's chunks as files with holes: their size is what counts. */
export async function sparseFiles(folder: string, chunks: number, bytes: number): Promise<void> {
  for (let index = 0; index < chunks; index++) {
    const path = join(folder, chunkName(index));
    await writeFile(path, '');
    await truncate(path, bytes);
  }
}

/** One line for each chunk. */
export function manifest(chunks: number, bytes: number): string {
  const entry = (index: number) => `${JSON.stringify(chunkOf(index, bytes))}\n`;
  return Array.from({ length: chunks }, (_, index) => entry(index)).join('');
}

/** What a manifest says of a chunk; its SHA-256 is made up. */
export function chunkOf(index: number, bytes: number): Chunk {
  const rows = Math.floor(bytes / ROW_BYTES);
  return {
    ...{ index, filename: chunkName(index), size_bytes: bytes, row_count: rows },
    sha256: randomBytes(32).toString('hex'),
    ...{ created_at: START, first_timestamp: START, last_timestamp: START },
    ...{ first_seq: index * rows, last_seq: (index + 1) * rows - 1 },
  };
}

export function metadata(id: string, chunks: number, bytes: number) {
  const totals = { total_rows: chunks * Math.floor(bytes / ROW_BYTES), duration_s: chunks * 60 };
  return {
    ...{ session_id: id, schema_version: 1, software_version: 'bench', state: 'complete' },
    ...{ failure: null, format: 'jsonl', start_time: START, end_time: START, resumed_at: null },
    ...{ chunk_interval_s: 60, sensor_id: 'SIM', sensor: {}, port: null, baud: null },
    ...{ boot_id: null, mono_start: 0, size_bytes: chunks * bytes, needs_recovery: false },
    ...{ chunk_count: chunks, ...totals },
  };
}
