import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Chunk } from '../../shared/session.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';

interface Started {
  session_id: string;
  storage_path: string;
  chunk_interval_s: number;
}

interface Snapshots {
  chunks: Chunk[];
  total_chunks: number;
}

async function recording(chunkIntervalS = 1) {
  const folder = await temporaryFolder();
  const server = await ServerProcess.start(folder, FAST);
  const request = { chunk_interval_s: chunkIntervalS, metadata: { mission: 'First dive' } };
  const { status, body } = await server.post<Started>('/record/start', request);
  expect(status).toBe(200);
  const snapshots = async () =>
    (await server.call<Snapshots>(`/record/snapshots?session_id=${body.session_id}`)).body;
  const chunks = (count: number) =>
    expect
      .poll(async () => (await snapshots()).total_chunks, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(count);
  return { server, session: body, snapshots, chunks };
}

/** A request line exactly as given: fetch would tidy the path up first. */
function rawStatus(base: string, path: string): Promise<number> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n`),
    );
    socket.once('data', (data) => resolve(Number(String(data).split(' ')[1])));
    socket.once('error', reject);
  });
}

describe('what the first users check', () => {
  test('1. record/start makes the session folder and metadata.json', async () => {
    const { session } = await recording();
    const metadata = JSON.parse(
      await readFile(join(session.storage_path, 'metadata.json'), 'utf8'),
    );
    expect(metadata).toMatchObject({
      session_id: session.session_id,
      mission: 'First dive',
      chunk_interval_s: 1,
      sensor_id: 'SIM0001',
    });
  });

  test('2. chunks roll at the interval', async () => {
    const { chunks, snapshots } = await recording();
    await chunks(3);
    const seconds = (await snapshots()).chunks
      .slice(1, 3)
      .map(({ first_timestamp, last_timestamp }) =>
        Math.abs(Date.parse(last_timestamp ?? '') - Date.parse(first_timestamp ?? '')),
      );
    for (const length of seconds) expect(length).toBeLessThanOrEqual(1100);
  });

  test('3. record/stop flushes the last chunk', async () => {
    const { server, session, snapshots } = await recording(3600);
    await expect
      .poll(
        async () => (await server.call<{ total_rows: number }>('/record/status')).body.total_rows,
      )
      .toBeGreaterThan(20);
    const { body } = await server.post('/record/stop', { session_id: session.session_id });
    const { chunks } = await snapshots();
    expect(body).toMatchObject({ final_chunk_count: 1, total_rows: chunks[0]?.row_count });
    expect(await readdir(session.storage_path)).not.toContain('chunk_00000.jsonl.part');
  });

  test('4. record/status counts right', async () => {
    const { server, session, chunks } = await recording();
    await chunks(2);
    const status = (await server.call<Record<string, number>>('/record/status')).body;
    const sealed = await server.call<Snapshots>(
      `/record/snapshots?session_id=${session.session_id}`,
    );
    const rows = sealed.body.chunks.reduce((sum, chunk) => sum + chunk.row_count, 0);
    expect(status).toMatchObject({ is_recording: true, session_id: session.session_id });
    expect(status['chunk_count']).toBeLessThanOrEqual(sealed.body.total_chunks);
    expect(status['total_rows']).toBeGreaterThanOrEqual(
      rows - (sealed.body.total_chunks - (status['chunk_count'] ?? 0)) * 500,
    );
    await server.post('/record/stop', { session_id: session.session_id });
    expect((await server.call('/record/status')).body).toMatchObject({
      is_recording: false,
      session_id: null,
      chunk_count: 0,
      elapsed_time_s: 0,
      current_chunk_rows: 0,
      total_rows: 0,
    });
  });

  test("5. snapshots' SHA-256 match the files", async () => {
    const { session, snapshots, chunks } = await recording();
    await chunks(2);
    for (const chunk of (await snapshots()).chunks) {
      const bytes = await readFile(join(session.storage_path, chunk.filename));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(chunk.sha256);
      expect(bytes.length).toBe(chunk.size_bytes);
      expect(String(bytes).trimEnd().split('\n')).toHaveLength(chunk.row_count);
    }
  });

  test('6. files serves chunks', async () => {
    const { server, session, snapshots, chunks } = await recording();
    await chunks(1);
    const [chunk] = (await snapshots()).chunks;
    const path = `/files/${session.session_id}/${chunk?.filename}`;
    const whole = await server.call<string>(path);
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-type')).toMatch('application/x-ndjson');
    expect(whole.headers.get('content-length')).toBe(String(chunk?.size_bytes));
    expect(createHash('sha256').update(whole.body).digest('hex')).toBe(chunk?.sha256);
    const part = await server.call<string>(path, { headers: { Range: 'bytes=10-19' } });
    expect(part).toMatchObject({ status: 206, body: whole.body.slice(10, 20) });
    const etag = whole.headers.get('etag') ?? '';
    const again = await server.call(path, { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    const beyond = await server.call(path, { headers: { Range: 'bytes=99999999-' } });
    expect(beyond).toMatchObject({ status: 416, body: { code: 'range_not_satisfiable' } });
  });

  test('7. health tells the true state', async () => {
    const server = await ServerProcess.start(await temporaryFolder(), FAST);
    const health = async () => (await server.call('/instrument/health')).body;
    expect(await health()).toMatchObject({
      connected: false,
      sensor_id: null,
      sample_rate_hz: 0,
      last_reading_age_s: 999,
      state: 'DISCONNECTED',
    });
    await server.post('/connect');
    expect(await health()).toMatchObject({ connected: true, state: 'CONFIG_MENU' });
    await server.post('/start');
    await expect.poll(async () => (await health())['sample_rate_hz']).toBeGreaterThan(50);
    expect(await health()).toMatchObject({ state: 'ACQ_FREERUN', sensor_id: 'SIM0001' });
    await server.post('/pause');
    expect(await health()).toMatchObject({ state: 'PAUSED' });
  });

  test('8. path traversal is blocked', async () => {
    const { server, session, chunks } = await recording();
    await chunks(1);
    const id = session.session_id;
    const leaving = [
      '/files/../package.json',
      `/files/${id}/../${id}/chunk_00000.jsonl`,
      `/files/${id}/%2e%2e%2fmetadata.json`,
      `/files/${id}/..%2f..%2fsettings.json`,
      `/files/${id}/%2e%2e`,
      `/files/${id}/..%5cmetadata.json`,
      `/files/${id}/chunk_00000.jsonl%00`,
      `/files/${id}//etc/passwd`,
      '/files/%2e%2e/settings.json',
      '/files/..%2f..%2fetc/passwd',
    ];
    for (const path of leaving) {
      expect([path, await rawStatus(server.base, path)]).toEqual([path, 403]);
    }
    const hidden = ['metadata.json', 'manifest.jsonl', 'events.jsonl', 'chunk_00001.jsonl.part'];
    for (const name of hidden) {
      expect([name, await rawStatus(server.base, `/files/${id}/${name}`)]).toEqual([name, 404]);
    }
  });

  test('9. a second start gets 400', async () => {
    const { server } = await recording();
    const second = await server.post('/record/start', {});
    expect(second).toMatchObject({ status: 400, body: { code: 'already_recording' } });
    const fresh = await ServerProcess.start(await temporaryFolder(), FAST);
    const both = await Promise.all([1, 2].map(() => fresh.post('/record/start', {})));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test('10. auto-connect works', async () => {
    const folder = await temporaryFolder();
    const missing = await ServerProcess.start(folder, { SERIAL_PORT: '/dev/ttyNOWHERE' });
    const failed = await missing.post('/record/start', {});
    expect(failed).toMatchObject({ status: 503, body: { code: 'port_unavailable' } });
    const sessions = (await readdir(folder)).filter((name) => !name.startsWith('.qsensor.lock'));
    expect(sessions).toEqual([]);
    const { session } = await recording();
    expect(session.session_id).toMatch(/^[0-9a-f-]{36}$/);
  });
});
