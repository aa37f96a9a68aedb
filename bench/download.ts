import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from './figure.ts';
import { startNginx } from './nginx.ts';
import { chunkName, pastSession } from './past-session.ts';
import { peakMb } from './process.ts';
import { quantile } from './requests.ts';
import { startService } from './service.ts';
import { inFolder } from './temporary.ts';

const execute = promisify(execFile);

const RUNS = 5;
const SIZES = [
  { name: '2 MB', bytes: 2_000_000, times: 150 },
  { name: '50 MB', bytes: 50_000_000, times: 8 },
] as const;

/** Chunks over loopback with curl, against the same bytes by nginx with sendfile. */
export function run(): Promise<Figure[]> {
  return inFolder('download', async (root) => {
    const figures: Figure[] = [];
    const ids: string[] = [];
    for (const { bytes } of SIZES) ids.push(await session(root, bytes));
    const nginx = await startNginx(root);
    try {
      for (const [at, size] of SIZES.entries()) {
        figures.push(...(await compared(root, nginx.base, ids[at] ?? '', size)));
      }
      return figures;
    } finally {
      await nginx.stop();
    }
  });
}

async function session(root: string, bytes: number): Promise<string> {
  const id = await pastSession(root, 1, bytes);
  await writeFile(join(root, id, chunkName(0)), randomBytes(bytes));
  return id;
}

/** One after the other in turns, so that noise meets both; each size has a service of its own. */
async function compared(
  root: string,
  nginx: string,
  id: string,
  { name, bytes, times }: (typeof SIZES)[number],
): Promise<Figure[]> {
  const service = await startService(root);
  const path = `${id}/${chunkName(0)}`;
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      ours.push(await megabytesPerSecond(`${service.base}/files/${path}`, bytes, times));
      theirs.push(await megabytesPerSecond(`${nginx}/${path}`, bytes, times));
    }
    const peak = await peakMb(service.pid);
    return figures(name, times, median(ours), median(theirs), peak);
  } finally {
    await service.stop();
  }
}

function figures(name: string, times: number, ours: number, theirs: number, peak: number) {
  const conditions = `curl, one connection, files in memory, 2 MB ${SIZES[0].times} and 50 MB ${SIZES[1].times} times, median of ${RUNS}`;
  const figure = (what: string, value: number, unit: string): Figure => ({
    ...{ name: `${name}, ${what}`, value, unit, conditions },
  });
  return [
    figure('nginx with sendfile', theirs, 'MB/s'),
    {
      ...figure('the service', ours, 'MB/s'),
      ...{ comparedWith: 'nginx with sendfile', ratio: ours / theirs },
    },
    figure(`peak memory of the service, ${times * RUNS} downloads`, peak, 'MB'),
  ];
}

/** The same connection for all of them, as a mirror keeps it. */
async function megabytesPerSecond(url: string, bytes: number, times: number): Promise<number> {
  const all = Array.from({ length: times }, () => ['-o', '/dev/null', url]).flat();
  const begun = performance.now();
  await execute('curl', ['-sf', ...all]);
  return (bytes * times) / 1e3 / (performance.now() - begun);
}

const median = (values: number[]) =>
  quantile(
    values.sort((a, b) => a - b),
    0.5,
  );
