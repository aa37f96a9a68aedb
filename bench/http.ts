import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { pastSession, sparseFiles } from './past-session.ts';
import { quantile, requestTimes } from './requests.ts';
import { startService } from './service.ts';
import { inFolder } from './temporary.ts';

const CHUNKS = 1440;
const CHUNK_BYTES = 2_000_000;
const CONDITIONS = `${CHUNKS} chunks of 2 MB, 100 requests a second, client in another process`;

/** What topside clients ask most. */
export function run(): Promise<Figure[]> {
  return inFolder('http', async (root) => {
    const id = await pastSession(root, CHUNKS, CHUNK_BYTES);
    await sparseFiles(join(root, id), CHUNKS, CHUNK_BYTES);
    const service = await startService(root);
    try {
      return await snapshotFigures(service.base, id);
    } finally {
      await service.stop();
    }
  });
}

async function snapshotFigures(base: string, id: string): Promise<Figure[]> {
  const path = `${base}/record/snapshots?session_id=${id}`;
  const whole = await requestTimes(path);
  const last = await requestTimes(`${path}&after_index=${CHUNKS - 2}`);
  const bare = await requestTimes(`${base}/health`);
  return [
    ...[0.5, 0.99].map((part) => figure('/health', quantile(bare, part), part)),
    ...[0.5, 0.99].map((part) => against('snapshots', whole, bare, part)),
    ...[0.5, 0.99].map((part) => against('snapshots?after_index', last, bare, part)),
  ];
}

function against(name: string, times: number[], bare: number[], part: number): Figure {
  const value = quantile(times, part);
  const ratio = value / quantile(bare, part);
  return { ...figure(name, value, part), comparedWith: '/health', ratio };
}

function figure(name: string, value: number, part: number): Figure {
  return { name: `${name}, p${part * 100}`, value, unit: 'ms', conditions: CONDITIONS };
}
