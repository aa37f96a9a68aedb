import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Chunk } from '../shared/session.ts';
import type { Figure } from './figure.ts';
import { seconds } from './process.ts';
import { quantile } from './requests.ts';
import { startService } from './service.ts';
import { startSimulator } from './simulator.ts';
import { inFolder } from './temporary.ts';

/** The fastest pace of a real sensor: a chunk of 25 s has 2 MB. */
const SENSOR = 'rate=500,averaging=1';
const CHUNK_S = 25;
const CHUNKS = 10;
const LOOK_S = 1;
/** A chunk is told as sealed at the end of it: what is done for it begins this long before. */
const SEALING_MS = 300;

interface Look {
  from: number;
  to: number;
  longestMs: number;
}

/** Stalls of the server's event loop in seconds in which a chunk is sealed, against the others. */
export function run(): Promise<Figure[]> {
  return inFolder('rollover', async (root) => {
    const simulator = await startSimulator(SENSOR);
    const file = join(root, 'stalls');
    const probe = fileURLToPath(
      new URL(`./stall-probe${extname(import.meta.url)}`, import.meta.url),
    );
    const environment = { ...simulator.environment, STALLS_FILE: file };
    const service = await startService(join(root, 'vehicle'), environment, ['--import', probe]);
    try {
      const start = { chunk_interval_s: CHUNK_S };
      const { session_id } = await service.post<{ session_id: string }>('/record/start', start);
      const looks = await lookOn(service.pid, file);
      return figures(looks, await chunks(service.base, session_id));
    } finally {
      await service.stop();
      await simulator.stop();
    }
  });
}

async function lookOn(pid: number, file: string): Promise<Look[]> {
  const times: number[] = [];
  for (let look = 0; look <= (CHUNKS * CHUNK_S + 5) / LOOK_S; look++) {
    times.push(Date.now());
    process.kill(pid, 'SIGUSR2');
    await seconds(LOOK_S);
  }
  const stalls = (await readFile(file, 'utf8')).trim().split('\n').map(Number);
  // The first one tells of the start of the service.
  return stalls.slice(1).map((longestMs, at) => {
    return { from: times[at] ?? 0, to: times[at + 1] ?? 0, longestMs };
  });
}

async function chunks(base: string, sessionId: string): Promise<Chunk[]> {
  const answer = await fetch(`${base}/record/snapshots?session_id=${sessionId}`);
  return ((await answer.json()) as { chunks: Chunk[] }).chunks;
}

function figures(looks: Look[], sealed: Chunk[]): Figure[] {
  const times = sealed.map(({ created_at }) => Date.parse(created_at));
  const isSealing = ({ from, to }: Look) =>
    times.some((time) => time > from && time - SEALING_MS < to);
  const sorted = (values: number[]) => values.sort((a, b) => a - b);
  const longest = (which: Look[]) => sorted(which.map(({ longestMs }) => longestMs));
  const during = longest(looks.filter(isSealing));
  const others = longest(looks.filter((look) => !isSealing(look)));
  const megabytes = quantile(sorted(sealed.map(({ size_bytes }) => size_bytes)), 0.5) / 1e6;
  const conditions = `500 Hz, ${sealed.length} chunks of ${megabytes.toFixed(2)} MB, looks of ${LOOK_S} s, inside the server`;
  return [0.5, 1].map((part) => ({
    name: `longest stall in a second in which a chunk is sealed, ${part === 1 ? 'most' : 'p50'}`,
    value: quantile(during, part),
    unit: 'ms',
    comparedWith: 'the seconds in which none is',
    ratio: quantile(during, part) / quantile(others, part),
    conditions,
  }));
}
