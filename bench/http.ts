import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { quantile, requestTime, requestTimes } from './requests.ts';
import { startService } from './service.ts';

const CHUNKS = 1440;
const CHUNK_BYTES = 2_000_000;
const SESSIONS = 500;
const START = '2025-11-12T14:30:45.000000Z';

/** What topside clients ask most, and how soon a restarted service answers. */
export async function run(): Promise<Figure[]> {
  const root = await mkdtemp(join(tmpdir(), 'bench-http-'));
  try {
    const ids = await Promise.all(Array.from({ length: SESSIONS }, () => session(root)));
    const begun = performance.now();
    const service = await startService(root);
    await requestTime(`${service.base}/health`);
    const startS = (performance.now() - begun) / 1000;
    try {
      const id = ids[0] ?? '';
      await withFiles(root, id);
      return [
        figure('start until /health answers', startS, 's', `${SESSIONS} sessions on disk`),
        ...(await snapshotFigures(service.base, id)),
      ];
    } finally {
      await service.stop();
    }
  } finally {
    await rm(root, { recursive: true });
  }
}

function figure(name: string, value: number, unit: string, conditions: string): Figure {
  return { name, value, unit, conditions };
}

/** A closed session as it lies on disk; only its manifest is ever read. */
async function session(root: string): Promise<string> {
  const id = randomUUID();
  const folder = join(root, id);
  await mkdir(folder);
  const chunks = Array.from({ length: CHUNKS }, (_, index) => entry(index));
  await writeFile(join(folder, 'manifest.jsonl'), `${chunks.join('\n')}\n`);
  await writeFile(join(folder, 'metadata.json'), JSON.stringify(metadata(id)));
  return id;
}

function entry(index: number): string {
  return JSON.stringify({
    index,
    filename: chunkName(index),
    size_bytes: CHUNK_BYTES,
    row_count: 12_000,
    sha256: randomBytes(32).toString('hex'),
    created_at: START,
    first_timestamp: START,
    last_timestamp: START,
    first_seq: index * 12_000,
    last_seq: index * 12_000 + 11_999,
  });
}

const chunkName = (index: number) => `chunk_${String(index).padStart(5, '0')}.jsonl`;

function metadata(id: string) {
  const totals = { total_rows: CHUNKS * 12_000, chunk_count: CHUNKS, duration_s: 86_400 };
  return {
    ...{ session_id: id, schema_version: 1, software_version: 'bench', state: 'complete' },
    ...{ failure: null, format: 'jsonl', start_time: START, end_time: START, resumed_at: null },
    ...{ chunk_interval_s: 60, sensor_id: 'SIM', sensor: {}, port: null, baud: null },
    ...{ boot_id: null, mono_start: 0, size_bytes: CHUNKS * CHUNK_BYTES, needs_recovery: false },
    ...totals,
  };
}

/** The chunks of the session that is asked for, as files with holes: their size is what counts. */
async function withFiles(root: string, id: string): Promise<void> {
  for (let index = 0; index < CHUNKS; index++) {
    const path = join(root, id, chunkName(index));
    await writeFile(path, '');
    await truncate(path, CHUNK_BYTES);
  }
}

async function snapshotFigures(base: string, id: string): Promise<Figure[]> {
  const path = `${base}/record/snapshots?session_id=${id}`;
  const conditions = `${CHUNKS} chunks of 2 MB, 100 requests a second`;
  const whole = await requestTimes(path);
  const last = await requestTimes(`${path}&after_index=${CHUNKS - 2}`);
  const bare = await requestTimes(`${base}/health`);
  return [
    figure('/health, p50', quantile(bare, 0.5), 'ms', conditions),
    against('snapshots, p50', quantile(whole, 0.5), quantile(bare, 0.5), conditions),
    against('snapshots, p99', quantile(whole, 0.99), quantile(bare, 0.99), conditions),
    against('snapshots?after_index, p50', quantile(last, 0.5), quantile(bare, 0.5), conditions),
    against('snapshots?after_index, p99', quantile(last, 0.99), quantile(bare, 0.99), conditions),
  ];
}

function against(name: string, value: number, bare: number, conditions: string): Figure {
  return { name, value, unit: 'ms', comparedWith: '/health', ratio: value / bare, conditions };
}
