import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';
import { Command } from './command.ts';
import { expectEqualDisks } from './disks.ts';
import { textsOf } from './folder.ts';

let data: string;
let out: string;
let server: ServerProcess;
let session: string;

beforeEach(async () => {
  [data, out] = [await temporaryFolder(), await temporaryFolder()];
  server = await ServerProcess.start(data, FAST);
});

async function startRecording(chunkIntervalS = 1): Promise<void> {
  const metadata = { zulu: 1.5, mission: 'Dive', '10': 'a number as its key' };
  const request = { chunk_interval_s: chunkIntervalS, metadata };
  session = (await server.post<{ session_id: string }>('/record/start', request)).body.session_id;
}

function stopRecording() {
  return server.post('/record/stop', { session_id: session });
}

async function chunksHere(count: number): Promise<void> {
  const listed = async () => {
    const { 'manifest.jsonl': manifest = '' } = await textsOf(join(out, session));
    return manifest.split('\n').length - 1;
  };
  const timeout = 20_000 + count * 1500;
  await expect.poll(() => listed().catch(() => 0), { timeout }).toBeGreaterThanOrEqual(count);
}

/** The vehicle makes it. */
async function expectParquet(): Promise<void> {
  const args = [server.base, '--out', out, '--once', '--join', 'parquet'];
  expect(await new Command(args).ended).toBe(0);
  const { 'session.parquet': parquet } = await textsOf(join(out, session));
  expect(parquet?.slice(0, 4)).toBe('PAR1');
  expect(parquet?.slice(-4)).toBe('PAR1');
}

test('a vehicle killed in mid-session and back again is mirrored to the last byte', async () => {
  await startRecording();
  const mirror = new Command([server.base, '--out', out, '--session', session]);
  await chunksHere(2);
  await server.kill();
  await expect.poll(() => mirror.output, { timeout: 10_000 }).toContain('vehicle lost');
  server = await ServerProcess.start(data, { ...FAST, API_PORT: new URL(server.base).port });
  await expect.poll(() => mirror.output, { timeout: 10_000 }).toContain('vehicle is back');
  await chunksHere(4);
  await stopRecording();
  expect(await mirror.ended).toBe(0);
  await expectEqualDisks(server, session, data, out);
  expect(await new Command(['verify', out]).ended).toBe(0);
  await expectParquet();
});

test('rows of a chunk that never was sealed outlive the vehicle', async () => {
  await startRecording(3600);
  const mirror = new Command([server.base, '--out', out, '--session', session]);
  const tail = async () => (await textsOf(join(out, session)))['tail.jsonl']?.split('\n') ?? [];
  const rowsHere = async () => (await tail().catch(() => [])).length;
  await expect.poll(rowsHere, { timeout: 20_000 }).toBeGreaterThan(20);
  await server.kill();
  await expect.poll(() => mirror.output, { timeout: 10_000 }).toContain('vehicle lost');
  const before = await tail();
  server = await ServerProcess.start(data, { ...FAST, API_PORT: new URL(server.base).port });
  await expect.poll(() => mirror.output, { timeout: 10_000 }).toContain('vehicle is back');
  // The vehicle answers before it has gone on with the session.
  await expect.poll(async () => (await stopRecording()).status).toBe(200);
  expect(await mirror.ended).toBe(0);
  await expectEqualDisks(server, session, data, out);
  const texts = await textsOf(join(out, session));
  const all = `${texts['chunk_00000.jsonl']}${texts['tail.kept.jsonl'] ?? ''}`.split('\n');
  expect(before.filter((line) => !all.includes(line))).toEqual([]);
});

test('a mirror of a session that is still recorded can be served, and gets no rows there', async () => {
  await startRecording();
  const mirror = new Command([server.base, '--out', out, '--session', session]);
  await chunksHere(2);
  await mirror.kill();
  const before = await textsOf(join(out, session));
  const shore = await ServerProcess.start(out, FAST);
  expect((await shore.call('/record/status')).body).toMatchObject({ is_recording: false });
  const { body } = await shore.call<{ chunks: unknown[] }>(`/sessions/${session}`);
  expect(body.chunks.length).toBeGreaterThanOrEqual(2);
  await shore.stop();
  expect(await textsOf(join(out, session))).toEqual(before);
  await stopRecording();
  expect(await new Command([server.base, '--out', out, '--once']).ended).toBe(0);
  await expectEqualDisks(server, session, data, out);
});

test('a session of a survey client is mirrored like any other', async () => {
  const request = { schema_version: 1, rate_hz: 500, roll_interval_s: 1, mission: 'Cockpit' };
  await server.post('/sensor/connect');
  session = (await server.post<{ session_id: string }>('/record/start', request)).body.session_id;
  const mirror = new Command([server.base, '--out', out, '--session', session]);
  await chunksHere(2);
  await stopRecording();
  expect(await mirror.ended).toBe(0);
  await expectEqualDisks(server, session, data, out);
  expect(await new Command(['verify', out]).ended).toBe(0);
});
