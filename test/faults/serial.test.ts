import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import {
  eventsOf,
  moreRows,
  peakMb,
  type StoredRow,
  soundRows,
  startRecording,
} from './recorded.ts';

/** Of each fault; the campaign makes many more. */
const TIMES = Number(process.env['QSENSOR_FAULT_TIMES'] ?? 1);
/** How long the cable is out, or the sensor is silent, in ms. */
const OUTAGE_MS = Number(process.env['QSENSOR_FAULT_OUTAGE_MS'] ?? 500);
const LIMIT_MS = 60_000 + TIMES * (OUTAGE_MS + 15_000);
const PATIENCE = { timeout: 20_000, interval: 50 };
const MEMORY_MB = 150;

interface Status {
  problem: { kind: string; detail: string; action: string } | null;
  sensor_id: string;
}

const problemOf = async (server: ServerProcess) =>
  (await server.call<Status>('/status')).body.problem;

const untilProblem = (server: ServerProcess, kind: RegExp) =>
  expect.poll(async () => (await problemOf(server))?.kind ?? '', PATIENCE).toMatch(kind);

async function recording(hertz: 15 | 500 = 15) {
  const sensor = await NumberedSensor.start(hertz);
  const server = await ServerProcess.start(await temporaryFolder(), sensor.env);
  const session = await startRecording(server, 2);
  await moreRows(server, 5);
  /** The rows, each of which was sent whole by the sensor, once and in order. */
  const finish = async (): Promise<StoredRow[]> => {
    await moreRows(server, 20);
    const stopped = await server.post('/record/stop', { session_id: session.session_id });
    expect(stopped.status).toBe(200);
    const rows = await soundRows(session.storage_path);
    const foreign = rows.filter(
      ({ value, TempC, Vin }) => !(value < sensor.made) || TempC !== 21.34 || Vin !== 7.494,
    );
    expect(foreign).toEqual([]);
    const values = rows.map(({ value }) => value);
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
    return rows;
  };
  const kinds = async () => (await eventsOf(session.storage_path)).map(({ kind }) => kind);
  return { sensor, server, session, finish, kinds };
}

test(
  'an unplugged sensor is named as the reason, and recorded again when it is back',
  async () => {
    const { sensor, server, finish, kinds } = await recording();
    for (let time = 0; time < TIMES; time += 1) {
      await sensor.unplug();
      await untilProblem(server, /disconnected|port_unavailable/);
      if (time % 2 === 1) await after(OUTAGE_MS);
      await sensor.plug();
      await moreRows(server, 5);
      expect(await problemOf(server)).toBeNull();
    }
    await finish();
    expect((await kinds()).filter((kind) => kind === 'sensor_disconnected')).toHaveLength(TIMES);
  },
  LIMIT_MS,
);

test(
  'garbage, 10 MB without a line end and resets in mid-line leave no false reading',
  async () => {
    const { sensor, server, finish, kinds } = await recording(500);
    for (let time = 0; time < TIMES; time += 1) {
      sensor.device.inject(Buffer.from('\xff\x00noise99.9\r\n4.003, 1\r\n#', 'latin1'));
      await moreRows(server, 50);
      sensor.device.powerCycle();
      await moreRows(server, 50);
    }
    sensor.device.inject(Buffer.alloc(10 * 1024 * 1024, '7'));
    await moreRows(server, 100);
    await finish();
    expect(await kinds()).toEqual(expect.arrayContaining(['lines_rejected', 'sensor_reset']));
    expect(await peakMb(server)).toBeLessThan(MEMORY_MB);
  },
  LIMIT_MS,
);

test('lines that were left out before a recording are no hole of it', async () => {
  const sensor = await NumberedSensor.start(15);
  const server = await ServerProcess.start(await temporaryFolder(), sensor.env);
  await server.post('/connect');
  await server.post('/start');
  const rejected = async () =>
    (await server.call<{ rejected: Record<string, number> }>('/status')).body.rejected['garbled'];
  for (let time = 1; time <= 3; time += 1) {
    sensor.device.inject('gar#bage\r\n');
    await expect.poll(rejected, PATIENCE).toBe(time);
  }
  const session = await startRecording(server);
  await moreRows(server, 5);
  await server.post('/record/stop', { session_id: session.session_id });
  const kinds = (await eventsOf(session.storage_path)).map(({ kind }) => kind);
  expect(kinds).toEqual(['recording_started', 'recording_stopped']);
}, 60_000);

test(
  'a silent sensor is told of, and recorded again when it speaks',
  async () => {
    const { sensor, server, finish, kinds } = await recording();
    sensor.device.faults.silent = true;
    await untilProblem(server, /silent|no_answer/);
    sensor.device.faults.silent = false;
    await finish();
    expect(await kinds()).toContain('sensor_silent');
  },
  LIMIT_MS,
);

test(
  'a sensor in its menu, or set otherwise behind our back, is brought back to sampling',
  async () => {
    const { sensor, server, finish, kinds } = await recording();
    for (let time = 0; time < TIMES; time += 1) {
      sensor.device.fallIntoMenu();
      await expect.poll(kinds, PATIENCE).toEqual(expect.arrayContaining(['sensor_restarted']));
      await moreRows(server, 5);
      sensor.device.settings.averaging = 40 + time;
      sensor.device.powerCycle();
      const averaging = async () =>
        (await server.call<{ averaging: number }>('/config')).body.averaging;
      await expect.poll(averaging, PATIENCE).toBe(40 + time);
      await moreRows(server, 5);
    }
    await finish();
  },
  LIMIT_MS,
);

test(
  'a sensor that was left in its menu is recorded from',
  async () => {
    const sensor = await NumberedSensor.start(15);
    sensor.device.fallIntoMenu();
    const server = await ServerProcess.start(await temporaryFolder(), sensor.env);
    await startRecording(server);
    await moreRows(server, 5);
  },
  LIMIT_MS,
);

test(
  'a port that another program holds is an answer in words, and harms nobody',
  async () => {
    const { sensor, server, finish } = await recording();
    const second = await ServerProcess.start(await temporaryFolder(), sensor.env);
    const { status, body } = await second.post<{ detail: string }>('/connect');
    expect([status, body.detail]).toEqual([503, expect.stringContaining('another program')]);
    await moreRows(server, 5);
    await finish();
  },
  LIMIT_MS,
);
