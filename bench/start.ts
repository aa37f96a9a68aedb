import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { chunkName, manifest, pastSession, sparseFiles } from './past-session.ts';
import { seconds } from './process.ts';
import { type Service, startService } from './service.ts';
import { startSimulator } from './simulator.ts';
import { inFolder } from './temporary.ts';

const SESSIONS = 500;
const CHUNKS = 1440;
const CHUNK_BYTES = 150_000;
const RUNS = 3;
const CONDITIONS = `${SESSIONS} sessions of ${CHUNKS} chunks on disk, median of ${RUNS}`;

/** Seconds since the process was begun. */
interface Start {
  health: number;
  recording: number;
  reading: number;
}

/** How soon a service answers, and goes on recording, after it was killed while it recorded. */
export function run(): Promise<Figure[]> {
  return inFolder('start', async (root) => {
    const simulator = await startSimulator('rate=125,averaging=8');
    const { environment } = simulator;
    try {
      const bare = await starts(join(root, 'bare'), environment);
      for (let made = 1; made < SESSIONS; made++) {
        await pastSession(join(root, 'full'), CHUNKS, CHUNK_BYTES);
      }
      return figures(bare, await starts(join(root, 'full'), environment, manyChunks));
    } finally {
      await simulator.stop();
    }
  });
}

/** Each of the runs records, is killed, and starts again. */
async function starts(
  root: string,
  environment: Record<string, string>,
  prepare: (folder: string) => Promise<void> = async () => undefined,
): Promise<Start> {
  const all: Start[] = [];
  while (all.length < RUNS) {
    const before = await startService(root, environment);
    const { storage_path } = await before.post<{ storage_path: string }>('/record/start', {
      chunk_interval_s: 3600,
    });
    await seconds(2);
    await before.kill();
    await prepare(storage_path);
    all.push(await timedStart(root, environment));
  }
  const median = (name: keyof Start) =>
    all.map((one) => one[name]).sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
  return { health: median('health'), recording: median('recording'), reading: median('reading') };
}

/** What was written becomes the last of many chunks. */
async function manyChunks(folder: string): Promise<void> {
  await rename(join(folder, `${chunkName(0)}.part`), join(folder, `${chunkName(CHUNKS)}.part`));
  await sparseFiles(folder, CHUNKS, CHUNK_BYTES);
  await writeFile(join(folder, 'manifest.jsonl'), manifest(CHUNKS, CHUNK_BYTES));
}

async function timedStart(root: string, environment: Record<string, string>): Promise<Start> {
  const begun = performance.now();
  const since = () => (performance.now() - begun) / 1000;
  const service = await startService(root, environment);
  await fetch(`${service.base}/health`);
  const health = since();
  await until(service, '/record/status', '"is_recording":true');
  const recording = since();
  await until(service, '/stats', /"row_count":[1-9]/);
  const reading = since();
  const { session_id } = await status(service);
  await service.post('/record/stop', { session_id });
  await service.stop();
  return { health, recording, reading };
}

async function until({ base }: Service, path: string, found: string | RegExp): Promise<void> {
  while ((await (await fetch(`${base}${path}`)).text()).search(found) < 0) await seconds(0.005);
}

async function status({ base }: Service): Promise<{ session_id: string }> {
  return (await (await fetch(`${base}/record/status`)).json()) as { session_id: string };
}

function figures(bare: Start, full: Start): Figure[] {
  const figure = (name: string, value: number, empty: number) => ({
    ...{ name, value, unit: 's', comparedWith: 'no other session on disk', ratio: value / empty },
    conditions: CONDITIONS,
  });
  return [
    figure('start until /health answers', full.health, bare.health),
    figure('start until the killed recording goes on', full.recording, bare.recording),
    figure('start until the next reading of it', full.reading, bare.reading),
  ];
}
