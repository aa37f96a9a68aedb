import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ServerProcess, temporaryFolder } from '../support/server.ts';
import { recordEventfully } from './eventful.ts';
import { faultsOf } from './files.ts';

const OUT = 'docs/example';
const PLAN = {
  env: {
    SERIAL_PORT: 'sim:dive=2,rate=125,averaging=62,units=umol/(m2 s),seed=7',
    MAVLINK2REST_URL: 'sim:',
  },
  chunkIntervalS: 20,
  rows: 12,
};

async function download(server: ServerProcess, id: string, format: string): Promise<void> {
  const answer = await fetch(`${server.base}/sessions/${id}/export?format=${format}`);
  expect(answer.status).toBe(200);
  await writeFile(join(OUT, `export.${format}`), Buffer.from(await answer.arrayBuffer()));
}

test('the recording that docs/reading.md reads is made anew', async () => {
  const root = await temporaryFolder();
  const { server, session } = await recordEventfully(root, PLAN);
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT);
  for (const format of ['csv', 'parquet']) await download(server, session.session_id, format);
  await cp(session.storage_path, join(OUT, 'session'), { recursive: true });
  expect(await faultsOf(join(OUT, 'session'))).toEqual([]);
});
