import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { chunkName } from '../../server/format/chunk-name.ts';
import type { Chunk, SessionEvent } from '../../shared/session.ts';
import type { ServerProcess } from '../support/server.ts';

export interface Started {
  session_id: string;
  storage_path: string;
}

export interface RecordStatus {
  is_recording: boolean;
  session_id: string | null;
  chunk_count: number;
  total_rows: number;
  state: string | null;
  failure: string | null;
}

export interface StoredRow {
  timestamp: string;
  seq: number;
  value: number;
  TempC: number;
  Vin: number;
  elapsed_s: number;
}

/** The most memory that the server ever had, in MB. */
export async function peakMb(server: ServerProcess): Promise<number> {
  const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

const PATIENCE = { timeout: 20_000, interval: 20 };

export async function startRecording(server: ServerProcess, chunkIntervalS = 1): Promise<Started> {
  const { status, body } = await server.post<Started>('/record/start', {
    chunk_interval_s: chunkIntervalS,
  });
  expect([status, body]).toEqual([200, body]);
  return body;
}

export const recordStatus = async (server: ServerProcess): Promise<RecordStatus> =>
  (await server.call<RecordStatus>('/record/status')).body;

/** Waits until so many more rows have come. */
export async function moreRows(server: ServerProcess, rows = 1): Promise<void> {
  const before = (await recordStatus(server)).total_rows;
  await expect
    .poll(async () => (await recordStatus(server)).total_rows, PATIENCE)
    .toBeGreaterThanOrEqual(before + rows);
}

export async function manifestOf(folder: string): Promise<Chunk[]> {
  const lines = (await readFile(join(folder, 'manifest.jsonl'), 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Chunk);
}

export async function eventsOf(folder: string): Promise<SessionEvent[]> {
  const lines = (await readFile(join(folder, 'events.jsonl'), 'utf8')).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SessionEvent);
}

/**
 * The rows of a session, after all that must hold of its folder has been checked: files
 * as the manifest says, only whole rows, no index twice, no seq twice or left out.
 */
export async function soundRows(folder: string): Promise<StoredRow[]> {
  const manifest = await manifestOf(folder);
  const indexes = manifest.map(({ index }) => index);
  expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
  // A kill may leave a file without one whole row: it is laid aside, and its number is not given again.
  const names = await readdir(folder);
  const isThere = (_: unknown, index: number) =>
    names.some((name) => name.startsWith(chunkName(index, 'jsonl')));
  expect(Array.from({ length: (indexes.at(-1) ?? -1) + 1 }, isThere)).not.toContain(false);
  const rows: StoredRow[] = [];
  for (const chunk of manifest) rows.push(...(await soundChunk(folder, chunk)));
  expect(rows.findIndex(({ seq }, index) => seq !== index)).toBe(-1);
  const files = (await readdir(folder)).filter((name) => /^chunk_\d+\.jsonl$/.test(name));
  expect(files.sort()).toEqual(manifest.map(({ filename }) => filename));
  return rows;
}

async function soundChunk(folder: string, chunk: Chunk): Promise<StoredRow[]> {
  const bytes = await readFile(join(folder, chunk.filename));
  const lines = bytes.toString('utf8').split('\n');
  expect({
    filename: chunk.filename,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size_bytes: bytes.length,
    row_count: lines.length - 1,
    last: lines.at(-1),
  }).toMatchObject({
    filename: chunk.filename,
    sha256: chunk.sha256,
    size_bytes: chunk.size_bytes,
    row_count: chunk.row_count,
    last: '',
  });
  return lines.slice(0, -1).map((line) => JSON.parse(line) as StoredRow);
}

/** Which of the sent readings from the first to the last recorded are not recorded. */
export function missingNumbers(rows: readonly StoredRow[], sent: readonly number[]): number[] {
  const kept = new Set(rows.map(({ value }) => value));
  const [first, last] = [rows[0]?.value ?? 0, rows.at(-1)?.value ?? -1];
  return sent.filter((number) => number >= first && number <= last && !kept.has(number));
}
