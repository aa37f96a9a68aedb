import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mapConcurrent } from '../../server/files/map-concurrent.ts';
import type { SessionDetail } from '../../shared/api/sessions.ts';
import { recordStatus, type Started } from '../faults/recorded.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';
import { scan } from './helper.ts';

const portOf = ({ base }: ServerProcess) => Number(new URL(base).port);

/** A program on the vehicle that takes connections and says nothing. */
async function mutePort(): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test("the Helper's scan finds page, registration and documentation among other programs", async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const [found, ...others] = await scan([await mutePort(), portOf(server)]);
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    port: portOf(server),
    title: 'Q-Sensor Recorder',
    sanitizedName: 'qsensor',
    docs: ['/docs', '/openapi.json'],
    versions: ['/docs'],
    metadata: { works_in_relative_paths: true, new_page: false, avoid_iframes: false },
  });
});

test('it asks every address while a session is recorded beside 1 000 others, and changes nothing', async () => {
  const folder = await temporaryFolder();
  const server = await ServerProcess.start(folder, FAST);
  const first = await server.post<Started>('/record/start', { chunk_interval_s: 3600 });
  await expect.poll(async () => (await recordStatus(server)).total_rows).toBeGreaterThan(20);
  await server.post('/record/stop', { session_id: first.body.session_id });
  await copies(first.body.storage_path, 999);
  const { body } = await server.post<Started>('/record/start', { chunk_interval_s: 3600 });
  // It asks every minute: what lies on the disk is known by then.
  await server.call('/sessions');
  const state = async () => [await readdir(folder), (await server.call('/status')).body['state']];
  const before = await state();
  const [found] = await scan([portOf(server)]);
  const { paths } = (await server.call<{ paths: object }>('/openapi.json')).body;
  const asked = found?.asked ?? [];
  expect(asked.map(({ path }) => path)).toEqual(expect.arrayContaining(Object.keys(paths)));
  expect(asked.filter(({ status }) => status >= 500)).toEqual([]);
  expect((await server.call('/sessions')).body['total']).toBe(1001);
  expect(await state()).toEqual(before);
  expect(await recordStatus(server)).toMatchObject({ session_id: body.session_id });
  const { events } = (await server.call<SessionDetail>(`/sessions/${body.session_id}`)).body;
  expect(events.map(({ kind }) => kind)).toEqual(['recording_started']);
  await server.post('/record/stop', { session_id: body.session_id });
});

/** Sessions like this one, under ids of their own. */
async function copies(session: string, count: number): Promise<void> {
  const names = await readdir(session);
  const texts = await Promise.all(names.map((name) => readFile(join(session, name), 'utf8')));
  await mapConcurrent(Array.from({ length: count }, randomUUID), async (id) => {
    const folder = join(dirname(session), id);
    await mkdir(folder);
    const renamed = texts.map((text) => text.replaceAll(basename(session), id));
    await Promise.all(names.map((name, at) => writeFile(join(folder, name), renamed[at] ?? '')));
  });
}

test('what it is told leads somewhere: the documentation, and the file for Cockpit', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const [found] = await scan([portOf(server)]);
  const { api, extras, version } = found?.metadata ?? {};
  expect((await server.call<string>(api ?? '')).body).toContain('swagger-ui');
  expect((await server.call('/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
  expect((await server.call(extras?.['cockpit'] ?? '')).status).toBe(200);
  expect((await server.call('/version')).body['api']).toBe(version);
});

test('it is found while an interrupted recording is being mended, and that goes on', async () => {
  const folder = await temporaryFolder();
  const first = await ServerProcess.start(folder, FAST);
  const started = await first.post<Started>('/record/start', { chunk_interval_s: 3600 });
  await expect.poll(async () => (await recordStatus(first)).total_rows).toBeGreaterThan(20);
  await first.kill();
  await lengthen(join(started.body.storage_path, 'chunk_00000.jsonl.part'));
  const again = await ServerProcess.start(folder, FAST);
  expect(await scan([portOf(again)])).toHaveLength(1);
  await expect
    .poll(() => recordStatus(again))
    .toMatchObject({ session_id: started.body.session_id });
});

/** What a dive of hours in one chunk leaves: 10 MB of whole rows, numbered on, and half a row. */
async function lengthen(part: string): Promise<void> {
  const row = (seq: number) =>
    `{"timestamp":"2025-11-12T14:30:45.123456Z","sensor_id":"SIM0001","mode":"freerun","value":0.010046,"TempC":27.68,"Vin":7.494,"seq":${seq},"elapsed_s":1.034000}\n`;
  const rows = Array.from({ length: 60_000 }, (_, seq) => row(seq));
  await writeFile(part, rows.join(''));
  await appendFile(part, row(0).slice(0, 40));
}
