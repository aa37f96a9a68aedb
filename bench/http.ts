import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { startNginx } from './nginx.ts';
import { pastSession, sparseFiles } from './past-session.ts';
import { quantile, requestTimes } from './requests.ts';
import { startService } from './service.ts';
import { inFolder } from './temporary.ts';

const CHUNKS = 1440;
const CHUNK_BYTES = 2_000_000;
const CONDITIONS = `${CHUNKS} chunks of 2 MB, 100 requests a second, client in another process`;

/** What topside clients ask most, against the same bytes as a file. */
export function run(): Promise<Figure[]> {
  return inFolder('http', async (root) => {
    const id = await pastSession(root, CHUNKS, CHUNK_BYTES);
    await sparseFiles(join(root, id), CHUNKS, CHUNK_BYTES);
    const service = await startService(root);
    const nginx = await startNginx(root);
    try {
      const whole = `${service.base}/record/snapshots?session_id=${id}`;
      const pairs = [
        ['snapshots', whole],
        ['snapshots?after_index', `${whole}&after_index=${CHUNKS - 2}`],
        ['/health', `${service.base}/health`],
      ] as const;
      const figures: Figure[] = [];
      for (const [name, url] of pairs) {
        await writeFile(join(root, 'same'), await bytesOf(url));
        const theirs = await requestTimes(`${nginx.base}/same`);
        figures.push(...against(name, await requestTimes(url), theirs));
      }
      return figures;
    } finally {
      await nginx.stop();
      await service.stop();
    }
  });
}

const bytesOf = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer());

function against(name: string, ours: number[], theirs: number[]): Figure[] {
  return [0.5, 0.99].map((part) => {
    const [value, other] = [quantile(ours, part), quantile(theirs, part)];
    return {
      ...{ name: `${name}, p${part * 100}`, value, unit: 'ms', conditions: CONDITIONS },
      comparedWith: `nginx, the same bytes: ${other.toPrecision(3)} ms`,
      ratio: value / other,
    };
  });
}
