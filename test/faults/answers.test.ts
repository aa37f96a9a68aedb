import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';

interface Started {
  session_id: string;
  storage_path: string;
}

/** A server, and a session of at least two chunks that is over. */
async function recorded() {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const { body } = await server.post<Started>('/record/start', { chunk_interval_s: 1 });
  const { session_id } = body;
  const status = async () => (await server.call('/record/status')).body;
  await expect.poll(status, { timeout: 8000 }).toMatchObject({ chunk_count: 2 });
  await server.post('/record/stop', { session_id });
  return { server, ...body };
}

/** The service goes on: a recording that runs now would not have noticed. */
async function expectUnharmed(server: ServerProcess) {
  expect((await server.call('/health')).status).toBe(200);
  expect(server.log.filter((line) => line.startsWith('ERROR: '))).toEqual([]);
}

test('conditions and ranges that a file does not meet end the answer, not the service', async () => {
  const { server, session_id } = await recorded();
  const get = (path: string, headers: Record<string, string>) => server.call(path, { headers });
  const chunk = `/files/${session_id}/chunk_00000.jsonl`;
  for (const path of ['/', '/widget', chunk]) {
    const beyond = await get(path, { Range: 'bytes=99999999-' });
    expect(beyond).toMatchObject({ status: 416, body: { code: 'range_not_satisfiable' } });
    const other = await get(path, { 'If-Match': '"another"' });
    expect(other).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    const older = await get(path, { 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' });
    expect(older.status).toBe(412);
  }
  await expectUnharmed(server);
});

test('a chunk without one whole row ends no download, and not the service', async () => {
  const { server, session_id, storage_path } = await recorded();
  const rows = (format: string) => server.call(`/sessions/${session_id}/export?format=${format}`);
  await writeFile(join(storage_path, 'chunk_00001.jsonl'), '{"timestamp":"2025-\n');
  for (const format of ['jsonl', 'csv', 'parquet', 'zip']) {
    const { status, headers } = await rows(format);
    const damage = headers.get('x-damage');
    expect({ status, damage }).toEqual({ status: 200, damage: 'chunk_damaged chunk_00001.jsonl' });
  }
  expect(await server.call(`/sessions/${session_id}/preview`)).toMatchObject({ status: 200 });
  const file = await server.call(`/files/${session_id}/chunk_00001.jsonl`);
  expect(file.status).toBe(404);
  await expectUnharmed(server);
});
