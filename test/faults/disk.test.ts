import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { everyChunkIsServed, liveGoesOn, untilFailed } from './disk-checks.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import { missingNumbers, moreRows, recordStatus, soundRows, startRecording } from './recorded.ts';
import { SmallDisk } from './small-disk.ts';

/** How long a sync takes on the slow disk; 2000 in the campaign. */
const SYNC_MS = Number(process.env['QSENSOR_FAULT_SYNC_MS'] ?? 500);
const PATIENCE = { timeout: 20_000, interval: 50 };

const NO_RESERVE = JSON.stringify({ disk_reserve_bytes: 0 });

/**
 * Loaded before the server: from SIGUSR2 on, a call of its file handles answers as a
 * failing disk does.
 */
function failing(call: 'write' | 'datasync', fault: string): string {
  const code = `
    import { open } from 'node:fs/promises';
    const handle = await open('/dev/null');
    const files = Object.getPrototypeOf(handle);
    await handle.close();
    const real = files.${call};
    let on = false;
    process.on('SIGUSR2', () => { on = true; });
    const error = (code) => Object.assign(new Error(code + ': made by a test, ${call}'),
      { code, syscall: '${call}' });
    files.${call} = async function (...given) {
      if (on) { ${fault} }
      return real.apply(this, given);
    };`;
  return `--import data:text/javascript,${encodeURIComponent(code)}`;
}

test('a disk that fills up ends the recording, not the acquisition; with room it records again', async () => {
  const disk = await SmallDisk.mount(2);
  await writeFile(join(disk.path, 'settings.json'), NO_RESERVE);
  const sensor = await NumberedSensor.start(500);
  const server = await ServerProcess.start(disk.path, sensor.env);
  const session = await startRecording(server);
  await expect
    .poll(async () => (await recordStatus(server)).chunk_count, PATIENCE)
    .toBeGreaterThanOrEqual(2);
  const { chunk_count } = await recordStatus(server);
  await disk.fill();
  await untilFailed(server);
  expect((await recordStatus(server)).failure).toMatch(/ENOSPC|full/);
  await liveGoesOn(server);
  const chunks = await everyChunkIsServed(server, session.session_id);
  expect(chunks.length).toBeGreaterThanOrEqual(chunk_count);
  expect(await server.post('/record/start', {})).toMatchObject({ status: 507 });

  await disk.makeRoom();
  const next = await startRecording(server);
  await moreRows(server, 100);
  await server.post('/record/stop', { session_id: next.session_id });
  expect(missingNumbers(await soundRows(next.storage_path), sensor.sent)).toEqual([]);
}, 60_000);

test.each([
  ['a write fails with EIO', failing('write', "throw error('EIO');"), /EIO/],
  ['a sync fails with EIO', failing('datasync', "throw error('EIO');"), /EIO/],
  ['the disk becomes read-only', failing('write', "throw error('EROFS');"), /EROFS/],
])(
  'when %s the recording ends with the reason, and all else goes on',
  async (_name, fault, reason) => {
    const sensor = await NumberedSensor.start(500);
    const env = { ...sensor.env, NODE_OPTIONS: fault };
    const server = await ServerProcess.start(await temporaryFolder(), env);
    const session = await startRecording(server);
    await expect
      .poll(async () => (await recordStatus(server)).chunk_count, PATIENCE)
      .toBeGreaterThanOrEqual(1);
    server.child.kill('SIGUSR2');
    await untilFailed(server);
    expect((await recordStatus(server)).failure).toMatch(reason);
    await liveGoesOn(server);
    expect((await everyChunkIsServed(server, session.session_id)).length).toBeGreaterThanOrEqual(1);
    // The status tells it at once; what lies on the disk is finalized after that.
    const rows = await vi.waitFor(() => soundRows(session.storage_path), PATIENCE);
    expect(missingNumbers(rows, sensor.sent)).toEqual([]);
  },
  60_000,
);

test('slow syncs cost nothing but memory', async () => {
  const slow = `await new Promise((resolve) => setTimeout(resolve, ${SYNC_MS}));`;
  const sensor = await NumberedSensor.start(500);
  const env = { ...sensor.env, NODE_OPTIONS: failing('datasync', slow) };
  const server = await ServerProcess.start(await temporaryFolder(), env);
  const session = await startRecording(server);
  await moreRows(server, 100);
  server.child.kill('SIGUSR2');
  await moreRows(server, 1500);
  await liveGoesOn(server);
  await server.post('/record/stop', { session_id: session.session_id });
  expect(missingNumbers(await soundRows(session.storage_path), sensor.sent)).toEqual([]);
}, 60_000);

test.each(['full', 'read-only'])(
  'started on a %s disk in the middle of a session, it says so and shows readings',
  async (what) => {
    const sensor = await NumberedSensor.start(15);
    const before = await temporaryFolder();
    const killed = await ServerProcess.start(before, sensor.env);
    const session = await startRecording(killed);
    await moreRows(killed, 20);
    await killed.kill();

    const disk = await SmallDisk.mount(1);
    const filter = (path: string) => !path.includes('.qsensor.lock');
    await cp(before, disk.path, { recursive: true, filter });
    if (what === 'full') await disk.fill();
    else disk.makeReadOnly();
    const server = await ServerProcess.start(disk.path, sensor.env);
    await untilFailed(server);
    expect((await recordStatus(server)).failure).toMatch(/ENOSPC|EROFS/);
    await liveGoesOn(server);
    expect((await server.call(`/sessions/${session.session_id}`)).status).toBe(200);
  },
  60_000,
);
