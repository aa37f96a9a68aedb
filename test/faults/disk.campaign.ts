import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { everyChunkIsServed, liveGoesOn, untilFailed } from './disk-checks.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import {
  eventsOf,
  missingNumbers,
  moreRows,
  recordStatus,
  soundRows,
  startRecording,
} from './recorded.ts';
import { chunksBeingWritten, type SystemFault, SystemFaults } from './system-faults.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };
const SYNCS = 'fsync,fdatasync';
/** Longer than any test. */
const FOR_EVER = 'delay_enter=600000000';
const SYNC_MS = Number(process.env['QSENSOR_FAULT_SYNC_MS'] ?? 2000);

async function recording(chunkIntervalS = 1) {
  const sensor = await NumberedSensor.start(500);
  const folder = await temporaryFolder();
  const server = await ServerProcess.start(folder, sensor.env);
  const session = await startRecording(server, chunkIntervalS);
  await expect
    .poll(async () => (await recordStatus(server)).total_rows, PATIENCE)
    .toBeGreaterThanOrEqual(600);
  return { sensor, folder, server, session, id: { session_id: session.session_id } };
}

test.each<[string, RegExp, (folder: string) => SystemFault, boolean]>([
  ['a write fails with EIO', /EIO/, (folder) => writes(folder, 'EIO'), false],
  ['the disk becomes read-only under a write', /EROFS/, (folder) => writes(folder, 'EROFS'), false],
  ['a sync fails with EIO', /EIO/, () => ({ calls: SYNCS, how: 'error=EIO' }), true],
  [
    'the next chunk can not be made',
    /EROFS/,
    (folder) => ({ calls: 'openat', how: 'error=EROFS', paths: chunksBeingWritten(folder) }),
    false,
  ],
  ['a chunk can not be renamed', /EIO/, () => ({ calls: 'rename', how: 'error=EIO' }), true],
])(
  'when %s the recording ends with the reason, and all else goes on',
  async (_, reason, fault, reachesMetadata) => {
    const { sensor, folder, server, session, id } = await recording();
    const faults = await SystemFaults.begin(server, fault(session.storage_path));
    await untilFailed(server);
    expect((await recordStatus(server)).failure).toMatch(reason);
    await liveGoesOn(server);
    await everyChunkIsServed(server, id.session_id);
    await faults.end();
    await server.stop();
    const next = await ServerProcess.start(folder, sensor.env);
    const summary = async () => (await next.call(`/sessions/${id.session_id}`)).body['summary'];
    if (reachesMetadata) {
      // Nothing on the disk says that it had failed: it goes on, and its hole is an event.
      const kinds = async () => (await eventsOf(session.storage_path)).map(({ kind }) => kind);
      await expect.poll(kinds, PATIENCE).toContain('recording_resumed');
      expect((await next.post('/record/stop', id)).status).toBe(200);
      expect((await soundRows(session.storage_path)).length).toBeGreaterThanOrEqual(600);
      return;
    }
    await expect.poll(summary, PATIENCE).toMatchObject({ state: 'failed' });
    expect(missingNumbers(await soundRows(session.storage_path), sensor.sent)).toEqual([]);
  },
);

function writes(folder: string, error: string): SystemFault {
  return { calls: 'write,pwrite64', how: `error=${error}`, paths: chunksBeingWritten(folder) };
}

test(`syncs that take ${SYNC_MS} ms cost no reading`, async () => {
  const { sensor, server, session, id } = await recording(20);
  const faults = await SystemFaults.begin(server, {
    calls: SYNCS,
    how: `delay_enter=${SYNC_MS * 1000}`,
  });
  await moreRows(server, 5000);
  await liveGoesOn(server);
  expect((await server.post('/record/stop', id)).status).toBe(200);
  await faults.end();
  expect(missingNumbers(await soundRows(session.storage_path), sensor.sent)).toEqual([]);
});

test('a disk that stands still is told of, answers come in time, and nothing is lost when it goes on', async () => {
  const { sensor, server, session, id } = await recording();
  const faults = await SystemFaults.begin(server, { calls: SYNCS, how: FOR_EVER });
  const wait = async () => (await server.call('/record/status')).body['disk_wait_s'];
  await expect.poll(wait, PATIENCE).toBeGreaterThan(3);
  await liveGoesOn(server);

  const begun = performance.now();
  const stopped = await server.post<{ detail: string }>('/record/stop', id);
  expect(stopped).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } });
  expect(stopped.body.detail).toContain('not confirmed');
  expect(performance.now() - begun).toBeLessThan(25_000);
  expect(await recordStatus(server)).toMatchObject({ is_recording: false, is_sealing: true });
  await liveGoesOn(server);
  expect(await server.post('/record/start', {})).toMatchObject({
    status: 503,
    body: { code: 'storage_unavailable' },
  });
  expect((await server.post('/stop')).status).toBe(503);
  expect((await server.call('/instrument/health')).body).toMatchObject({ state: 'CONFIG_MENU' });
  expect((await server.post('/disconnect')).status).toBe(503);
  expect((await server.call('/')).status).toBe(200);

  await faults.end();
  expect(await server.post('/record/stop', id)).toMatchObject({ status: 200, body: id });
  expect(await recordStatus(server)).toMatchObject({ is_sealing: false, state: 'complete' });
  expect((await server.call<{ total: number }>('/sessions')).body.total).toBe(1);
  expect(missingNumbers(await soundRows(session.storage_path), sensor.sent)).toEqual([]);
}, 180_000);

test('told to end while the disk stands still it is gone within 10 s, and the next start has all rows', async () => {
  const { sensor, folder, server, session } = await recording(60);
  const faults = await SystemFaults.begin(server, { calls: SYNCS, how: FOR_EVER });
  await moreRows(server, 2000);
  const { total_rows } = await recordStatus(server);
  server.child.kill('SIGTERM');
  await expect.poll(() => hasEnded(server), { ...PATIENCE, timeout: 10_000 }).toBe(true);
  await faults.end();
  const next = await ServerProcess.start(folder, sensor.env);
  await moreRows(next);
  await next.post('/record/stop', { session_id: session.session_id });
  expect((await soundRows(session.storage_path)).length).toBeGreaterThanOrEqual(total_rows);
});

/** Ended, but for its tracer, which the system waits for. */
async function hasEnded({ child }: ServerProcess): Promise<boolean> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => 'State: Z');
  return /State:\s+[ZX]/.test(status);
}
