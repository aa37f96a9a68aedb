import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';
import { Contract } from './contract.ts';

const WRONG: [name: string, value: string, allowed: RegExp][] = [
  ['API_PORT', '70000', /65535/],
  ['API_PORT', 'http', /number from 0 to 65535/],
  ['API_PORT', '0x50', /number/],
  ['API_HOST', '192.0.2.1', /API_HOST/],
  ['SERIAL_PORT', 'sim:colour=red', /known are rate/],
  ['SERIAL_PORT', 'ttyUSB0', /\/dev/],
  ['SERIAL_BAUD', '12', /300/],
  ['CHUNK_RECORDING_PATH', 'recordings', /absolute/],
  ['LOG_LEVEL', 'LOUD', /DEBUG.*INFO.*WARNING.*ERROR/],
  ['MAVLINK2REST_URL', 'mavlink', /http:\/\/.*sim:.*off/],
  ['MAVLINK2REST_URL', 'http://', /http:\/\//],
  ['CORS_ORIGINS', 'shore.example', /http:\/\//],
  ['API_TOKEN', 'short', /8/],
];

test('each call of the service', async () => {
  const { get, call, refused, folder } = bound(await Contract.start());
  const { git } = JSON.parse(await readFile('dist/build.json', 'utf8'));
  expect((await get('/health')).body).toMatchObject({
    status: 'online',
    version: expect.stringMatching(/./),
  });
  expect((await get('/version')).body).toMatchObject({ git, status: 'ok' });
  expect((await get('/register_service')).body).toMatchObject({
    name: expect.any(String),
    icon: expect.any(String),
  });
  expect((await get('/ports')).body['ports']).toBeInstanceOf(Array);
  expect((await get('/ports?busy=true')).body['ports']).toBeInstanceOf(Array);
  expect((await get('/system')).body).toMatchObject({ disk: { path: folder } });
  expect((await get('/diagnostics')).body).toHaveProperty('settings');
  expect((await get('/sensor/console')).body['lines']).toEqual([]);
  for (const page of ['/', '/docs']) expect((await get(page)).body).toMatch('<!doctype html>');
  for (const body of [{ chunk_interval_s: 0 }, { colour: 'red' }, { allowed_hosts: ['A b'] }]) {
    await refused('PUT', '/settings', [400, 'bad_request'], body);
  }
  expect((await call('PUT', '/settings', { body: {} })).body).toEqual(
    (await get('/settings')).body,
  );
});

test('settings survive a restart; a torn file is reported, and the defaults hold', async () => {
  const folder = await temporaryFolder();
  const first = await Contract.start(FAST, folder);
  const change = { chunk_interval_s: 15, allowed_hosts: ['rov.example'] };
  const { body } = await first.call('PUT', '/settings', { body: change });
  await first.server.kill();
  const second = await Contract.start(FAST, folder);
  expect((await second.get('/settings')).body).toEqual(body);
  expect((await second.post('/record/start', {})).body).toMatchObject({ chunk_interval_s: 15 });
  await second.server.kill();
  const file = join(folder, 'settings.json');
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, 30));
  const third = await Contract.start(FAST, folder);
  expect((await third.get('/settings')).body).toMatchObject({ chunk_interval_s: 60 });
  expect(third.server.log.join()).toMatch(/settings\.json can't be read/);
  await third.server.kill();
  await rm(file);
  await mkdir(file);
  const fourth = await Contract.start(FAST, folder);
  expect((await fourth.get('/settings')).body).toMatchObject({ chunk_interval_s: 60 });
  expect(fourth.server.log.join()).toMatch(/settings\.json can't be read.*EISDIR/);
});

test('with connect_at_start it looks for the sensor until it is there', async () => {
  const folder = await temporaryFolder();
  const settings = { connect_at_start: true, serial_port: '/dev/ttyNOWHERE' };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
  const vehicle = await Contract.start(FAST, folder);
  const status = async () => (await vehicle.get('/status')).body;
  await expect
    .poll(async () => (await status())['problem'])
    .toMatchObject({
      kind: 'port_unavailable',
      detail: expect.stringContaining('ttyNOWHERE'),
    });
  expect(await status()).toMatchObject({ connected: false, reconnecting: true });
  await vehicle.refused('POST', '/record/start', [503, 'port_unavailable'], {});
  await vehicle.post('/disconnect');
  expect(await status()).toMatchObject({ reconnecting: false, problem: null });
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ connect_at_start: true }));
  await vehicle.server.stop();
  const found = await Contract.start(FAST, folder);
  const state = async () => (await found.get('/instrument/health')).body['state'];
  await expect.poll(state, { timeout: 10_000 }).toBe('ACQ_FREERUN');
});

test('a variable that makes no sense stops the start with one line', async () => {
  const folder = await temporaryFolder();
  const outcomes = await Promise.all(
    WRONG.map(([name, value]) => outcome({ CHUNK_RECORDING_PATH: folder, [name]: value })),
  );
  for (const [index, [name, value, allowed]] of WRONG.entries()) {
    const { code, lines } = outcomes[index] ?? { code: 0, lines: [] };
    expect([name, code, lines.length]).toEqual([name, 1, 1]);
    expect(lines[0]).toContain(name === 'API_TOKEN' ? name : `${name}=${value}`);
    expect(lines[0]).toMatch(allowed);
  }
});

test('a second service on the same port ends with one line that says who has it', async () => {
  const { server, get } = bound(await Contract.start());
  const { port } = new URL(server.base);
  const { code, lines } = await outcome({
    CHUNK_RECORDING_PATH: await temporaryFolder(),
    API_HOST: '127.0.0.1',
    API_PORT: port,
  });
  const holder = `\\w+ \\(process ${server.child.pid}\\)`;
  expect(code).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(new RegExp(`^API_PORT=${port}: .* taken by ${holder}.*API_PORT`)),
  ]);
  expect((await get('/health')).status).toBe(200);
});

/** How a start ends that can't go well: its exit code and what it says on stderr. */
async function outcome(env: Record<string, string>) {
  const child = spawn(process.execPath, ['dist/server/main.js'], {
    env: { ...process.env, SERIAL_PORT: 'sim:', MAVLINK2REST_URL: 'off', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (piece) => {
    said += piece;
  });
  const [code] = await once(child, 'close');
  return { code, lines: said.split('\n').filter((line) => line !== '') };
}

function bound(contract: Contract) {
  return {
    server: contract.server,
    folder: contract.folder,
    get: contract.get.bind(contract),
    call: contract.call.bind(contract),
    refused: contract.refused.bind(contract),
  };
}
