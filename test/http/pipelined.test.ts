import { once } from 'node:events';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';

const BIG_ID = '99999999-9999-4999-8999-999999999999';
/** More than the buffers of a connection take. */
const BIG_BYTES = 128 * 1024 * 1024;
const CHUNK = 'chunk_00000.jsonl';
/** The end of the file, and of its transfer. */
const WHOLE_PARQUET = /PAR1\r\n0\r\n\r\n$/;
const FAST = {
  SERIAL_PORT: 'sim:burst=0,rate=500,averaging=1,speed=8,baud=115200',
  SERIAL_BAUD: '115200',
};

/** A server with a session of some thousand rows, and one whose chunk is larger than a connection takes. */
async function served(rowsWanted = 5000) {
  const folder = await temporaryFolder();
  const server = await ServerProcess.start(folder, FAST);
  const { body } = await server.post<{ session_id: string }>('/record/start', {});
  const rows = async () => (await server.call('/record/status')).body['total_rows'];
  await expect.poll(rows, { timeout: 20_000 }).toBeGreaterThan(rowsWanted);
  await server.post('/record/stop', { session_id: body.session_id });
  await makeBig(folder, body.session_id);
  return { server, id: body.session_id };
}

async function makeBig(folder: string, from: string): Promise<void> {
  const [small, big] = [join(folder, from), join(folder, BIG_ID)];
  await mkdir(big);
  const read = async (name: string) => JSON.parse(await readFile(join(small, name), 'utf8'));
  const metadata = { ...(await read('metadata.json')), session_id: BIG_ID };
  await writeFile(join(big, 'metadata.json'), JSON.stringify(metadata));
  const chunk = { ...(await read('manifest.jsonl')), size_bytes: BIG_BYTES };
  await writeFile(join(big, 'manifest.jsonl'), `${JSON.stringify(chunk)}\n`);
  await writeFile(join(big, CHUNK), '');
  await truncate(join(big, CHUNK), BIG_BYTES);
}

/** A client that asks for the big chunk and then for more, and reads nothing. */
async function clogged(server: ServerProcess, paths: string[]): Promise<Socket> {
  const { port } = new URL(server.base);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const all = [`/files/${BIG_ID}/${CHUNK}`, ...paths];
  socket.write(all.map((path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`).join(''));
  return socket;
}

const count = async ({ child }: ServerProcess, what: 'task' | 'fd') =>
  (await readdir(`/proc/${child.pid}/${what}`)).length;

test('a client that takes the end of a Parquet file long after it was made gets it whole', async () => {
  const { server, id } = await served();
  const before = await count(server, 'task');
  const socket = await clogged(server, [`/sessions/${id}/export?format=parquet`]);
  await expect.poll(() => count(server, 'task'), { interval: 1 }).toBeGreaterThan(before);
  await expect.poll(() => count(server, 'task'), { timeout: 10_000 }).toBeLessThanOrEqual(before);
  let end = '';
  for await (const piece of socket as AsyncIterable<Buffer>) {
    end = (end + piece.toString('latin1')).slice(-20);
    if (WHOLE_PARQUET.test(end)) break;
  }
  expect(end).toMatch(WHOLE_PARQUET);
  expect((await server.call('/health')).status).toBe(200);
}, 60_000);

test('a connection that breaks off lets go of the answers that waited behind the first', async () => {
  const { server, id } = await served();
  const before = await count(server, 'fd');
  const socket = await clogged(server, Array(20).fill(`/files/${id}/${CHUNK}`));
  await expect.poll(() => count(server, 'fd')).toBeGreaterThan(before + 20);
  socket.destroy();
  await expect.poll(() => count(server, 'fd'), { timeout: 5000 }).toBeLessThanOrEqual(before);
}, 60_000);

test('of Parquet files that nobody takes only two are made at once', async () => {
  // Of several row groups: one alone would go into the buffers of an answer that waits.
  const { server, id } = await served(20_000);
  const path = `/sessions/${id}/export?format=parquet`;
  const before = await count(server, 'task');
  const socket = await clogged(server, Array(2).fill(path));
  await expect.poll(() => count(server, 'task')).toBeGreaterThanOrEqual(before + 2);
  const third = await server.call(path);
  expect(third).toMatchObject({ status: 400, body: { code: 'busy' } });
  socket.destroy();
  await expect.poll(async () => (await server.call(path)).status).toBe(200);
}, 60_000);
