import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { parquetMetadataAsync } from 'hyparquet';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';

const FAST = { SERIAL_PORT: 'sim:burst=0,rate=500,averaging=1,speed=8,baud=115200' };

interface Stopped {
  total_rows: number;
}

/** A server, and a session of about 8 000 rows, which is more than one row group. */
async function recorded() {
  const server = await ServerProcess.start(await temporaryFolder(), {
    ...FAST,
    SERIAL_BAUD: '115200',
  });
  const { body } = await server.post('/record/start', { chunk_interval_s: 1 });
  const rows = async () => (await server.call('/record/status')).body['total_rows'];
  await expect.poll(rows, { timeout: 20_000 }).toBeGreaterThan(8000);
  const { session_id } = body;
  const stopped = await server.post<Stopped>('/record/stop', { session_id });
  const url = `${server.base}/sessions/${session_id}/export?format=parquet`;
  return { server, url, rows: stopped.body.total_rows };
}

const threads = async ({ child }: ServerProcess) =>
  (await readdir(`/proc/${child.pid}/task`)).length;

test('a session is encoded as Parquet with every row, and its thread ends with the file', async () => {
  const { server, url, rows } = await recorded();
  const before = await threads(server);
  const file = await (await fetch(url)).arrayBuffer();
  const { num_rows, row_groups } = await parquetMetadataAsync(file);
  expect(Number(num_rows)).toBe(rows);
  expect(row_groups.length).toBeGreaterThan(1);
  await expect.poll(() => threads(server)).toBeLessThanOrEqual(before);
}, 60_000);

test('a client that leaves in the middle ends the encoding', async () => {
  const { server, url } = await recorded();
  const before = await threads(server);
  const request = get(url);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  await once(answer, 'readable');
  expect(await threads(server)).toBeGreaterThan(before);
  request.destroy();
  await expect.poll(() => threads(server)).toBeLessThanOrEqual(before);
}, 60_000);
