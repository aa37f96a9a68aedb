import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';
import { seconds } from './process.ts';
import { quantile } from './requests.ts';
import { startService } from './service.ts';
import { startSimulator } from './simulator.ts';
import { inFolder } from './temporary.ts';

/** So fast that a chunk of one second has 2 MB. */
const SENSOR = 'rate=500,averaging=1,speed=26';
const WARM_UP_S = 8;
const LOOKS = 30;
/** No multiple of the interval: each look has one chunk sealed in it, now early, now late. */
const LOOK_S = 1.01;
const NEVER_S = 3600;

interface Stalls {
  /** Longest of each look, sorted. */
  longest: number[];
  chunkMb: number;
}

/** Stalls of the server's event loop while 2 MB chunks are sealed, against none being sealed. */
export async function run(): Promise<Figure[]> {
  const none = await stalls(NEVER_S);
  const sealing = await stalls(1);
  const conditions = `chunks of ${sealing.chunkMb.toFixed(2)} MB, ${LOOKS} looks of ${LOOK_S} s each, inside the server`;
  return [0.5, 0.9].map((part) => ({
    name: `longest stall in a second in which a chunk is sealed, p${part * 100}`,
    value: quantile(sealing.longest, part),
    unit: 'ms',
    comparedWith: 'a second in which none is',
    ratio: quantile(sealing.longest, part) / quantile(none.longest, part),
    conditions,
  }));
}

function stalls(chunkIntervalS: number): Promise<Stalls> {
  return inFolder('rollover', async (root) => {
    const simulator = await startSimulator(SENSOR);
    const file = join(root, 'stalls');
    const probe = fileURLToPath(
      new URL(`./stall-probe${extname(import.meta.url)}`, import.meta.url),
    );
    const environment = { ...simulator.environment, STALLS_FILE: file };
    const service = await startService(join(root, 'vehicle'), environment, ['--import', probe]);
    try {
      await service.post('/record/start', { chunk_interval_s: chunkIntervalS });
      await seconds(WARM_UP_S);
      for (let look = 0; look <= LOOKS; look++) {
        process.kill(service.pid, 'SIGUSR2');
        await seconds(LOOK_S);
      }
      const [, ...longest] = (await readFile(file, 'utf8')).trim().split('\n').map(Number);
      longest.sort((a, b) => a - b);
      return { longest, chunkMb: await meanChunkMb(service.base) };
    } finally {
      await service.stop();
      await simulator.stop();
    }
  });
}

async function meanChunkMb(base: string): Promise<number> {
  const answer = await fetch(`${base}/record/status`);
  const { size_bytes, elapsed_time_s } = (await answer.json()) as Record<string, number>;
  return (size_bytes ?? 0) / (elapsed_time_s ?? 1) / 1e6;
}
