import { createHash, randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { NumberedSensor } from '../faults/numbered-sensor.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';

const START = { rate_hz: 500, schema_version: 1, mission: 'Cockpit', roll_interval_s: 1 };

interface Chunk {
  index: number;
  name: string;
  size_bytes: number;
  sha256: string;
  rows: number;
}

/** The steps of the control station's client, as it makes them. */
function client(server: ServerProcess) {
  return {
    connect: () => server.post('/sensor/connect?port=sim:burst=0,speed=10,baud=115200&baud=115200'),
    acquire: () => server.post('/sensor/start?poll_hz=500&auto_record=false'),
    record: () => server.post<{ session_id: string }>('/record/start', START),
    mark: (session_id: string, marker_type: string, sync_id: string) =>
      server.post('/record/sync-marker', { session_id, sync_id, marker_type }),
    poll: async (id: string) =>
      (await server.call<Chunk[]>(`/record/snapshots?session_id=${id}`)).body,
    fetch: (id: string, name: string) => server.call<string>(`/files/${id}/${name}`),
    status: async (id: string) => (await server.call(`/record/status?session_id=${id}`)).body,
    stop: (session_id: string) => server.post('/record/stop', { session_id }),
  };
}

test('the survey client works from connecting to the joined file, and a plain session after it', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const survey = client(server);
  expect((await survey.connect()).body).toMatchObject({
    status: 'connected',
    sensor_id: 'SIM0001',
  });
  const health = (await server.call('/instrument/health')).body;
  expect(health).toMatchObject({ connected: true, port: expect.any(String), firmware: '4.003' });
  expect((await survey.acquire()).body).toEqual({
    status: 'started',
    mode: 'freerun',
    recording: false,
  });

  const started = await survey.record();
  expect(started).toMatchObject({ status: 200, body: { schema_version: 1 } });
  const id = started.body.session_id;
  const startId = randomUUID();
  const mark = await survey.mark(id, 'START', startId);
  expect(mark).toMatchObject({ status: 200, body: { timestamp: expect.stringMatching(/Z$/) } });
  await expect
    .poll(async () => (await survey.poll(id)).length, { timeout: 10_000 })
    .toBeGreaterThan(1);
  expect(await survey.status(id)).toMatchObject({ session_id: id, state: 'recording' });
  const stopped = await survey.stop(id);
  expect(stopped.body).toMatchObject({ session_id: id, stopped_at: expect.any(String) });
  const late = await survey.mark(id, 'STOP', randomUUID());
  expect(late.status).toBeGreaterThanOrEqual(400);
  expect(late.status).toBeLessThan(500);

  const chunks = await survey.poll(id);
  expect(chunks.map(({ index }) => index)).toEqual(chunks.map((_, i) => i));
  const rows = await joined(survey.fetch, id, chunks);
  expect(rows).toHaveLength(Number(stopped.body['rows']));
  expect(rows.filter((row) => row.includes('SYNC_START'))).toEqual([
    expect.stringContaining(`,SIM0001,SYNC_START,${startId},,`),
  ]);
  expect(rows.every((row) => row.split(',').length === 6)).toBe(true);
  expect(rows.at(-1)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00,SIM0001,freerun,/);
  expect(await survey.status(id)).toMatchObject({
    state: 'stopped',
    backlog: 0,
    rows: rows.length,
  });

  const plain = await server.post<{ session_id: string }>('/record/start', { chunk_interval_s: 1 });
  expect(plain.body).toMatchObject({ chunk_interval_s: 1 });
  const other = await server.call(`/record/snapshots?session_id=${plain.body.session_id}`);
  expect(other.body).toMatchObject({ session_id: plain.body.session_id, chunks: [] });
  expect(await survey.poll(id)).toEqual(chunks);
});

async function joined(
  fetch: (id: string, name: string) => Promise<{ body: string }>,
  id: string,
  chunks: Chunk[],
): Promise<string[]> {
  const rows: string[] = [];
  for (const chunk of chunks) {
    const { body } = await fetch(id, chunk.name);
    expect(createHash('sha256').update(body).digest('hex')).toBe(chunk.sha256);
    const [header, ...lines] = body.trimEnd().split('\n');
    expect(header).toBe('timestamp,sensor_id,mode,value,TempC,Vin');
    expect(lines).toHaveLength(chunk.rows);
    rows.push(...lines);
  }
  return rows;
}

test('odd starts are taken, and an error names the field that is wrong', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const survey = client(server);
  await survey.connect();
  const stop = async (session_id: unknown) => server.post('/record/stop', { session_id });
  for (const [request, expected] of [
    [{ schema_version: 2 }, { schema_version: 2 }],
    [{ rate_hz: 0.5 }, { schema_version: 1 }],
    [{ roll_interval_s: 7.5, mission: 'Cockpit' }, { schema_version: 1 }],
    [{ mission: '' }, { schema_version: 1 }],
  ] as const) {
    const { status, body } = await server.post('/record/start', request);
    expect([request, status, body]).toMatchObject([request, 200, expected]);
    await stop(body['session_id']);
  }
  for (const [field, value] of [
    ['rate_hz', 'fast'],
    ['rate_hz', 0],
    ['schema_version', 3],
    ['roll_interval_s', 0.2],
    ['roll_interval_s', '60'],
    ['mission', 7],
  ] as const) {
    for (const request of [{ [field]: value }, { ...START, [field]: value }]) {
      const { status, body } = await server.post('/record/start', request);
      expect([request, status]).toEqual([request, 400]);
      expect(body['detail']).toMatch(new RegExp(`^${field}: [^;]+\\.$`));
    }
  }
});

test('a stop right after its start leaves no acquisition behind, and stops no more than once', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const survey = client(server);
  await survey.connect();
  for (const waitMs of [0, 100, 1000]) {
    const { body } = await survey.record();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    expect((await survey.stop(body.session_id)).status).toBe(200);
    expect((await server.call('/status')).body).toMatchObject({ state: 'CONFIG_MENU' });
    // The client stops the sensor after the recording, which has done so.
    expect(await server.post('/sensor/stop')).toMatchObject({
      status: 200,
      body: { status: 'stopped' },
    });
  }
  await server.post('/start');
  await server.post('/stop');
  expect(await server.post('/stop')).toMatchObject({
    status: 400,
    body: { code: 'not_acquiring' },
  });
});

test('another name of the connected port is the same port', async () => {
  const sensor = await NumberedSensor.start(15);
  const server = await ServerProcess.start(await temporaryFolder(), sensor.env);
  const named = (port: string) => `/sensor/connect?port=${port}&baud=115200`;
  const link = sensor.env['SERIAL_PORT'] ?? '';
  expect((await server.post(named(link))).status).toBe(200);
  expect((await server.post(named(await realpath(link)))).status).toBe(200);
  expect(await server.post(named('/dev/null'))).toMatchObject({
    status: 400,
    body: { code: 'other_port' },
  });
});

test('it is told in its own status codes why it may not record', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const survey = client(server);
  expect(await survey.record()).toMatchObject({
    status: 424,
    body: { code: 'sensor_not_connected' },
  });
  await survey.connect();
  expect((await survey.record()).status).toBe(200);
  expect(await survey.record()).toMatchObject({
    status: 409,
    body: { code: 'recording_elsewhere' },
  });
  const wrong = await server.post('/record/start', { ...START, roll_interval_s: 0 });
  expect(wrong.status).toBe(400);
  expect(wrong.body['detail']).toContain('roll_interval_s');
});

test('it records at once while the device still resets, and the rows come by themselves', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const survey = client(server);
  await survey.connect();
  const { body } = await survey.record();
  expect(await survey.status(body.session_id)).toMatchObject({ state: 'recording', rows: 0 });
  await expect
    .poll(async () => (await survey.status(body.session_id))['rows'], { timeout: 10_000 })
    .toBeGreaterThan(20);
});

test("the vehicle's clock is told in both forms", async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const { body } = await server.call<{ pi_iso: string; pi_unix_ms: number }>('/api/sync/time');
  expect(Date.parse(body.pi_iso)).toBe(Math.floor(body.pi_unix_ms));
  expect(Math.abs(Date.now() - body.pi_unix_ms)).toBeLessThan(60_000);
});
