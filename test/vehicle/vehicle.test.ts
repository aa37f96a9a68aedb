import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SimulatedMavlink2Rest } from '../../server/simulator/vehicle/mavlink2rest.ts';
import { yoyo } from '../../server/simulator/vehicle/motion.ts';
import { namedValues, statusTexts } from '../../server/simulator/vehicle/posted.ts';
import type { VehicleStatus } from '../../shared/api/vehicle.ts';
import { type SealedPart, VEHICLE_FILE } from '../../shared/vehicle.ts';
import { dataLake } from '../blueos/data-lake.ts';
import { Contract, recorded } from '../contract/contract.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';
import { unzipped } from '../support/unzip.ts';
import { soundRows } from '../support/vehicle-rows.ts';
import { Command } from '../topside/command.ts';
import { textsOf } from '../topside/folder.ts';

async function standIn() {
  const rest = new SimulatedMavlink2Rest(yoyo);
  const address = await rest.start();
  onTestFinished(() => rest.stop());
  return { rest, env: { ...FAST, MAVLINK2REST_URL: address } };
}

/** All that a depth can be made from. */
const DEPTHS = ['SCALED_PRESSURE2', 'GLOBAL_POSITION_INT', 'VFR_HUD'];

const status = async (vehicle: Contract) => (await vehicle.get<VehicleStatus>('/vehicle')).body;

async function sealed(vehicle: Contract, id: string): Promise<SealedPart[]> {
  const path = `/record/snapshots?session_id=${id}`;
  return (await vehicle.get<{ other_files: SealedPart[] }>(path)).body.other_files;
}

test('what the vehicle says is shown, recorded, served to its last sealed row, and exported', async () => {
  const vehicle = await Contract.start((await standIn()).env);
  await expect.poll(async () => (await status(vehicle)).reachable).toBe(true);
  expect(await status(vehicle)).toMatchObject({ problem: null, simulated: false });
  const id = await recorded(vehicle, 2);
  await expect.poll(() => sealed(vehicle, id)).toHaveLength(1);
  const path = `/files/${id}/${VEHICLE_FILE}`;
  const answer = await fetch(vehicle.server.base + path);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(answer.headers.get('etag')).toBe(`"${sha256}"`);
  expect(answer.headers.get('content-length')).toBe(String(bytes.length));
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  const range = await fetch(vehicle.server.base + path, { headers: { Range: 'bytes=10-19' } });
  expect([range.status, await range.text()]).toEqual([206, String(bytes.subarray(10, 20))]);
  const beyond = { Range: 'bytes=9999999-' };
  expect((await vehicle.call('GET', path, { headers: beyond })).status).toBe(416);

  await vehicle.post('/record/stop', { session_id: id });
  const [part] = (await vehicle.get<{ other_files: SealedPart[] }>(`/sessions/${id}`)).body
    .other_files;
  const whole = await fetch(vehicle.server.base + path).then((got) => got.arrayBuffer());
  expect(Buffer.from(whole).subarray(0, bytes.length).equals(bytes)).toBe(true);
  expect(soundRows(part as SealedPart, Buffer.from(whole)).length).toBeGreaterThan(1);
  const zip = await fetch(`${vehicle.server.base}/sessions/${id}/export?format=zip`);
  const files = unzipped(Buffer.from(await zip.arrayBuffer()));
  const inZip = [...files].filter(([name]) => name.endsWith(VEHICLE_FILE));
  expect(inZip.map(([, text]) => text)).toEqual([String(Buffer.from(whole))]);
  expect([...files].find(([name]) => name.endsWith('MANIFEST.sha256'))?.[1]).toContain(
    `${part?.sha256}  ${VEHICLE_FILE}`,
  );
});

test('light goes to the autopilot unless that is turned off', async () => {
  const { rest, env } = await standIn();
  // It is asked five times a second then, which tells the time here.
  rest.streamPaths = [];
  const vehicle = await Contract.start(env);
  const figure = (name: string) => new Map(namedValues(rest.posted)).get(name);
  await expect.poll(() => figure('QS_REC')).toBe(0);
  await recorded(vehicle);
  await expect.poll(() => figure('QS_REC')).toBe(1);
  const names = new Set(namedValues(rest.posted).map(([name]) => name));
  expect(names).toEqual(new Set(['QS_REC', 'QS_PAR', 'QS_TEMP']));
  for (const { header } of rest.posted) {
    expect(header).toMatchObject({ system_id: 1, component_id: 193 });
  }
  expect(await status(vehicle)).toMatchObject({ mavlink_out: true, problem: null });
  await vehicle.call('PUT', '/settings', { body: { mavlink_out: false } });
  await expect.poll(async () => (await status(vehicle)).mavlink_out).toBe(false);
  const asked = rest.requests;
  await expect.poll(() => rest.requests).toBeGreaterThan(asked + 10);
  const { length } = rest.posted;
  await expect.poll(() => rest.requests).toBeGreaterThan(asked + 25);
  expect(rest.posted).toHaveLength(length);
});

test('no setting makes the light go out as the autopilot, or as another program', async () => {
  const { rest, env } = await standIn();
  const vehicle = await Contract.start(env);
  for (const mavlink_component_id of [0, 1, 190, 194, 240, 255, 1.5]) {
    const detail = await vehicle.refused('PUT', '/settings', [400, 'bad_request'], {
      mavlink_component_id,
    });
    expect(detail).toContain('mavlink_component_id');
  }
  await vehicle.call('PUT', '/settings', { body: { mavlink_component_id: 191 } });
  await recorded(vehicle);
  await expect.poll(() => rest.posted.length).toBeGreaterThan(0);
  expect(rest.posted[0]?.header).toMatchObject({ component_id: 191 });
  await vehicle.server.stop();
  await writeFile(join(vehicle.folder, 'settings.json'), '{"mavlink_component_id": 1}');
  rest.posted.length = 0;
  const again = await ServerProcess.start(vehicle.folder, env);
  await expect.poll(() => rest.posted.length).toBeGreaterThan(0);
  expect(new Set(rest.posted.map(({ header }) => header.component_id))).toEqual(new Set([193]));
  expect((await again.call<VehicleStatus>('/vehicle')).body.reachable).toBe(true);
});

test('the pilot hears once of a recording without depth: on QGroundControl, the widget and the data lake', async () => {
  const { rest, env } = await standIn();
  rest.missing = DEPTHS;
  const vehicle = await Contract.start(env);
  const told = await dataLake(vehicle.server);
  await recorded(vehicle);
  const [bad, good] = ['Light: recorded without depth', 'Light: recorded with depth again'];
  const said = () => statusTexts(rest.posted);
  await expect.poll(said).toEqual([`MAV_SEVERITY_WARNING: ${bad}`]);
  await expect.poll(() => told.get('qsensor-notice')).toBe(`"${bad}"`);
  expect((await vehicle.get('/instrument/health')).body).toMatchObject({ notice: bad });
  expect([told.get('qsensor-recording'), told.has('qsensor-depth')]).toEqual(['1', false]);
  rest.missing = [];
  await expect.poll(said).toEqual([`MAV_SEVERITY_WARNING: ${bad}`, `MAV_SEVERITY_INFO: ${good}`]);
  await expect.poll(() => told.get('qsensor-notice')).toBe('""');
  expect(Number(told.get('qsensor-depth'))).toBeGreaterThanOrEqual(-0.1);
  rest.missing = DEPTHS;
  await expect.poll(() => told.get('qsensor-depth')).toBe('NaN');
});

test('turned off, nothing is asked, and nothing of it is in a session', async () => {
  const vehicle = await Contract.start();
  expect(await status(vehicle)).toMatchObject({
    ...{ reachable: false, address: null, problem: null, sent: 0 },
    last: { depth_m: null, depth_age_s: null, heading_deg: null },
  });
  const id = await recorded(vehicle);
  expect(await sealed(vehicle, id)).toEqual([]);
  await vehicle.refused('GET', `/files/${id}/${VEHICLE_FILE}`, [404, 'file_not_found']);
});

test('a mirror has the vehicle’s data to the last byte, of sessions of survey clients too', async () => {
  const { env } = await standIn();
  const vehicle = await Contract.start(env);
  await expect.poll(async () => (await status(vehicle)).reachable).toBe(true);
  await vehicle.post('/connect');
  const request = { schema_version: 1, roll_interval_s: 1, mission: 'Cockpit' };
  const { body } = await vehicle.post<{ session_id: string }>('/record/start', request);
  const id = body.session_id;
  const out = await temporaryFolder();
  const mirror = new Command([vehicle.server.base, '--out', out, '--session', id]);
  const here = async () =>
    ((await textsOf(join(out, id)).catch(() => ({}))) as Record<string, string>)[VEHICLE_FILE]
      ?.length ?? 0;
  await expect.poll(here).toBeGreaterThan(0);
  const before = await here();
  await expect.poll(here).toBeGreaterThan(before);
  await vehicle.post('/record/stop', { session_id: id });
  expect(await mirror.ended, mirror.output).toBe(0);
  const theirs = await readFile(join(vehicle.folder, id, VEHICLE_FILE));
  expect((await readFile(join(out, id, VEHICLE_FILE))).equals(theirs)).toBe(true);
  const verify = new Command(['verify', out]);
  expect(await verify.ended, verify.output).toBe(0);
});
