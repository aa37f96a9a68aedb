import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import WebSocket from 'ws';
import { cpuSeconds, peakMb, residentMb, seconds } from './process.ts';
import { requestTime } from './requests.ts';
import { type Service, startService } from './service.ts';

/** What something did to a service that was recording. */
export interface Strain {
  seconds: number;
  /** For so long nothing else could run in it. */
  stallMs: number;
  /** For so long /health was waited for. */
  healthMs: number;
  /** For so long a live client waited for the next reading. */
  readingMs: number;
  /** Resident memory at most, above what it was before. */
  memoryMb: number;
}

export interface WatchedService {
  service: Service;
  /** What the service went through since its process was begun. */
  started: Strain;
  /** What it goes through while a URL is fetched. */
  fetched(path: string, method?: string): Promise<Strain>;
  stop(): Promise<void>;
}

const HEALTH_EVERY_S = 0.01;
/** A service that uses less of a core has nothing left to do but to record. */
const QUIET_CORES = 0.12;

/** Starts a service that records, and is watched until it has come to rest. */
export async function watchedService(
  folder: string,
  environment: Record<string, string>,
): Promise<WatchedService> {
  const stallsFile = `${folder}-stalls`;
  await rm(stallsFile, { force: true });
  const probe = fileURLToPath(new URL(`./stall-probe${extname(import.meta.url)}`, import.meta.url));
  const begun = performance.now();
  const service = await startService(folder, { ...environment, STALLS_FILE: stallsFile }, [
    ...['--import', probe],
  ]);
  await service.post('/record/start', { chunk_interval_s: 10 });
  const watch = await watchOn(service, stallsFile);
  const busy = (await atRest(service.pid)) - begun;
  const started = { ...(await watch.look()), seconds: busy / 1000 };
  return {
    service,
    started: { ...started, memoryMb: await peakMb(service.pid) },
    fetched: async (path, method = 'GET') => {
      await watch.look();
      const from = performance.now();
      await curl(`${service.base}${path}`, method);
      const took = (performance.now() - from) / 1000;
      return { ...(await watch.look()), seconds: took };
    },
    stop: async () => {
      watch.stop();
      await service.stop();
    },
  };
}

/** In a process of its own, so that taking the bytes does not disturb whoever watches. */
async function curl(url: string, method: string): Promise<void> {
  await promisify(execFile)('curl', ['-sf', '-o', '/dev/null', '-X', method, url]);
}

/** When it had come to rest, on the clock of performance.now. */
async function atRest(pid: number): Promise<number> {
  for (;;) {
    const [from, before] = [performance.now(), await cpuSeconds(pid)];
    await seconds(2);
    if ((await cpuSeconds(pid)) - before < 2 * QUIET_CORES) return from;
  }
}

async function watchOn({ base, pid }: Service, stallsFile: string) {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/stream`);
  await once(socket, 'open');
  let [healthMs, readingMs, last, isOn] = [0, 0, performance.now(), true];
  socket.on('message', () => {
    readingMs = Math.max(readingMs, performance.now() - last);
    last = performance.now();
  });
  const agent = new Agent({ keepAlive: true });
  const asking = (async () => {
    for (; isOn; await seconds(HEALTH_EVERY_S)) {
      healthMs = Math.max(healthMs, await requestTime(`${base}/health`, agent));
    }
  })();
  let base_ = 0;
  return {
    /** What there was since the last look. */
    look: async (): Promise<Omit<Strain, 'seconds'>> => {
      const stallMs = await longestStall(pid, stallsFile);
      const memoryMb = (await peakMb(pid)) - base_;
      const seen = { stallMs, healthMs, readingMs: Math.max(readingMs, performance.now() - last) };
      [healthMs, readingMs] = [0, 0];
      base_ = await residentMb(pid);
      // From here on the peak is counted anew.
      await writeFile(`/proc/${pid}/clear_refs`, '5');
      return { ...seen, memoryMb };
    },
    stop: () => {
      isOn = false;
      socket.close();
      void asking.catch(() => undefined).then(() => agent.destroy());
    },
  };
}

async function longestStall(pid: number, file: string): Promise<number> {
  const lines = async () => (await readFile(file, 'utf8').catch(() => '')).trim().split('\n');
  const before = (await lines()).filter((line) => line !== '').length;
  process.kill(pid, 'SIGUSR2');
  for (;;) {
    const now = (await lines()).filter((line) => line !== '');
    if (now.length > before) return Number(now.at(-1));
    await seconds(0.005);
  }
}
