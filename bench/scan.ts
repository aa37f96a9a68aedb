import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { quantile, requestTime } from './requests.ts';
import { startService } from './service.ts';

/** What BlueOS's Helper asks each port, in its order. */
const PATHS = ['/', '/register_service', '/docs', '/docs.json', '/openapi.json', '/swagger.json'];
const SESSIONS = 200;
const ROWS = 20_000;
const ROUNDS = 40;
const CONDITIONS = `${SESSIONS} interrupted sessions of ${ROWS} rows being mended; best, middle and worst of ${ROUNDS} scans`;

/** How quickly the Helper is answered from the moment that the port is open. */
export async function run(): Promise<Figure[]> {
  const root = await mkdtemp(join(tmpdir(), 'bench-scan-'));
  try {
    for (let count = 0; count < SESSIONS; count++) await interrupted(root);
    const service = await startService(root);
    try {
      const starting = await scans(service.base);
      await mended(service.base);
      return figures(starting, await scans(service.base));
    } finally {
      await service.stop();
    }
  } finally {
    await rm(root, { recursive: true });
  }
}

/** A session whose chunk was being written when the power went: every row is read again. */
async function interrupted(root: string): Promise<void> {
  const folder = join(root, randomUUID());
  await mkdir(folder);
  const rows = Array.from({ length: ROWS }, (_, seq) => row(seq));
  await writeFile(join(folder, 'chunk_00000.jsonl.part'), rows.join(''));
}

function row(seq: number): string {
  const head = '{"timestamp":"2025-11-12T14:30:45.123456Z","sensor_id":"Q0123","mode":"freerun"';
  return `${head},"value":0.010046,"TempC":27.68,"Vin":7.494,"seq":${seq},"elapsed_s":${seq / 10}}\n`;
}

async function scans(base: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const agent = new Agent();
    for (const path of PATHS) times.push(await requestTime(`${base}${path}`, agent));
  }
  return times.sort((a, b) => a - b);
}

/** Calls that change the state wait until then. */
async function mended(base: string): Promise<void> {
  await fetch(`${base}/resume`, { method: 'POST' });
}

function figures(starting: number[], idle: number[]): Figure[] {
  const parts = { best: 0, middle: 0.5, worst: 1 };
  return Object.entries(parts).map(([word, part]) => ({
    name: `a request of the Helper during start-up, ${word}`,
    value: quantile(starting, part),
    unit: 'ms',
    comparedWith: 'the same when it has started',
    ratio: quantile(starting, part) / quantile(idle, part),
    conditions: CONDITIONS,
  }));
}
