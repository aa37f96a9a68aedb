import { expect, test } from 'vitest';
import { FAST } from '../support/simulated.ts';
import { Contract } from './contract.ts';

const BAD_CONFIGS = [
  { averaging: 0 },
  { averaging: 65_536 },
  { averaging: 1.5 },
  { averaging: '125' },
  { adc_rate_hz: 100 },
  { mode: 'burst' },
  { tag: 'a' },
  { tag: 'AB' },
  { gain: 1 },
  [],
  null,
  'freerun',
];

test.each(['', '/sensor'])('each call of the sensor below "%s"', async (at) => {
  const sensor = await Contract.start();
  const { get, post } = bound(sensor, at);
  const refused = (method: string, path: string, status: number, code: string, body?: unknown) =>
    sensor.refused(method, `${at}${path}`, [status, code], body);

  await refused('GET', '/config', 503, 'not_connected');
  await refused('POST', '/config', 503, 'not_connected', { averaging: 12 });
  await refused('POST', '/start', 503, 'not_connected');
  for (const path of ['/pause', '/resume']) await refused('POST', path, 400, 'wrong_state');
  await refused('POST', '/stop', 400, 'not_acquiring');
  expect((await get('/latest')).body).toEqual({});
  expect((await get('/recent')).body).toEqual({ rows: [] });
  expect((await get('/stats')).body).toMatchObject({ row_count: 0, start_time: null });
  expect((await get('/status')).body).toMatchObject({ connected: false, state: 'DISCONNECTED' });
  expect((await post('/disconnect')).body).toEqual({ status: 'disconnected' });

  for (const port of ['ttyUSB0', '/etc/passwd', '/dev/../etc/passwd', 'http://x', '']) {
    const code = port === '' ? 'bad_request' : 'not_a_serial_port';
    await refused('POST', `/connect?port=${encodeURIComponent(port)}`, 400, code);
  }
  await refused('POST', '/connect?baud=fast', 400, 'bad_request');
  await refused('POST', '/connect?port=/dev/ttyNOWHERE', 503, 'port_unavailable');
  const connected = { status: 'connected', sensor_id: 'SIM0001' };
  expect((await post('/connect')).body).toEqual(connected);
  expect((await post('/connect')).body).toEqual(connected);
  await refused('POST', '/connect?port=/dev/ttyUSB7', 400, 'other_port');
  expect((await get('/status')).body).toMatchObject({ state: 'CONFIG_MENU', simulated: true });

  for (const body of BAD_CONFIGS) await refused('POST', '/config', 400, 'bad_request', body);
  const before = (await get('/config')).body;
  // The supply voltage is measured anew at each visit of the menu.
  const supply_v = expect.closeTo(before['supply_v'] as number, 1);
  expect((await post('/config', {})).body).toEqual({ ...before, supply_v });
  const change = { averaging: 25, adc_rate_hz: 250 };
  const changed = { ...change, mode: 'freerun', sample_period_s: 0.1 };
  expect((await post('/config', change)).body).toMatchObject(changed);
  expect((await get('/config')).body).toMatchObject(changed);

  await refused('POST', '/pause', 400, 'wrong_state');
  for (const query of [
    'poll_hz=0',
    'poll_hz=1e-7',
    'poll_hz=-1',
    'poll_hz=NaN',
    'poll_hz=x',
    'auto_record=perhaps',
  ]) {
    await refused('POST', `/start?${query}`, 400, 'bad_request');
  }
  const started = { status: 'started', mode: 'freerun', recording: false };
  expect((await post('/start')).body).toEqual(started);
  await refused('POST', '/start', 400, 'already_acquiring');
  await refused('POST', '/resume', 400, 'wrong_state');
  await refused('POST', '/config', 400, 'wrong_state', { averaging: 1 });
  await expect.poll(async () => (await get('/stats')).body['row_count']).toBeGreaterThan(5);
  expect((await get('/latest')).body).toMatchObject({ sensor_id: 'SIM0001', mode: 'freerun' });
  for (const seconds of [0, 301, 'x']) {
    await refused('GET', `/recent?seconds=${seconds}`, 400, 'bad_request');
  }
  const { rows } = (await get<{ rows: { timestamp: string }[] }>('/recent?seconds=300')).body;
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.map(({ timestamp }) => timestamp).sort()).toEqual(rows.map((r) => r.timestamp));

  expect((await post('/pause')).body).toEqual({ status: 'paused' });
  await refused('POST', '/pause', 400, 'wrong_state');
  await refused('POST', '/start', 400, 'already_acquiring');
  expect((await get('/status')).body).toMatchObject({ state: 'PAUSED' });
  expect((await post('/resume')).body).toEqual({ status: 'resumed', mode: 'freerun' });
  expect((await post('/stop')).body).toEqual({ status: 'stopped' });
  await refused('POST', '/stop', 400, 'not_acquiring');
  expect((await post('/disconnect')).body).toEqual({ status: 'disconnected' });
});

test('polled mode, from the setting to the rows of a session', async () => {
  const sensor = await Contract.start();
  await sensor.post('/connect');
  const polled = { mode: 'polled', tag: 'C' };
  expect((await sensor.post('/config', polled)).body).toMatchObject(polled);
  const { body: started } = await sensor.post('/start?poll_hz=500');
  expect(started).toMatchObject({ mode: 'polled', poll_hz: expect.any(Number) });
  expect(started['poll_hz']).toBeLessThan(500);
  expect((await sensor.get('/instrument/health')).body).toMatchObject({ state: 'ACQ_POLLED' });
  const rows = async () => (await sensor.get('/stats')).body['row_count'];
  await expect.poll(rows).toBeGreaterThan(2);
  const slower = { averaging: 250 };
  expect((await sensor.post('/config?restart=true', slower)).body).toMatchObject(slower);
  expect((await sensor.get('/instrument/health')).body).toMatchObject({ state: 'ACQ_POLLED' });
  await sensor.post('/pause');
  expect((await sensor.post('/config?restart=true', { averaging: 12 })).status).toBe(200);
  expect((await sensor.get('/status')).body).toMatchObject({ state: 'PAUSED' });
  expect((await sensor.post('/resume')).body).toEqual({ status: 'resumed', mode: 'polled' });
  const { body } = await sensor.post<{ session_id: string }>('/record/start', {});
  const recorded = async () => (await sensor.get('/record/status')).body['total_rows'];
  await expect.poll(recorded).toBeGreaterThan(2);
  await sensor.refused('POST', '/config?restart=true', [400, 'wrong_state'], { averaging: 1 });
  await sensor.post('/record/stop', { session_id: body.session_id });
  const file = `/files/${body.session_id}/chunk_00000.jsonl`;
  const { body: text } = await sensor.get<string>(file);
  const modes = text.split('\n').flatMap((line) => (line ? [JSON.parse(line).mode] : []));
  expect(new Set(modes)).toEqual(new Set(['polled']));
  const freerun = { mode: 'freerun', tag: null };
  expect((await sensor.post('/config', { mode: 'freerun' })).body).toMatchObject(freerun);
});

test('a device that says nothing: 504, and no session is left behind', async () => {
  const silent = { SERIAL_PORT: 'sim:baud=9600', SERIAL_BAUD: '115200' };
  const [one, other] = await Promise.all([Contract.start(silent), Contract.start(silent)]);
  const detail = one.refused('POST', '/connect', [504, 'sensor_no_answer']);
  await other.refused('POST', '/record/start', [504, 'sensor_no_answer'], {});
  expect(await detail).toMatch('115200 baud');
  expect((await other.get('/sessions')).body['total']).toBe(0);
  expect((await other.get('/instrument/health')).body).toMatchObject({ connected: false });
});

test('the in-memory recorder, beside a session', async () => {
  const memory = await Contract.start({ ...FAST, SERIAL_PORT: `${FAST.SERIAL_PORT},averaging=12` });
  for (const path of ['/export/csv', '/export/parquet']) {
    await memory.refused('GET', path, [400, 'nothing_recorded']);
    await memory.refused('GET', `/recording${path}`, [400, 'nothing_recorded']);
  }
  await memory.refused('POST', '/recording/stop?flush=csv', [400, 'nothing_recorded']);
  await memory.refused('POST', '/recording/stop?flush=xml', [400, 'bad_request']);
  const recording = async () => (await memory.get('/status')).body['recording'];
  expect(await recording()).toBe(false);
  expect((await memory.post('/recording/start')).body).toEqual({ status: 'recording' });
  expect(await recording()).toBe(true);
  const { body } = await memory.post('/record/start', {});
  const count = async () => (await memory.get('/stats')).body['row_count'];
  await expect.poll(count).toBeGreaterThan(20);
  for (const path of ['/export/csv', '/recording/export/csv']) {
    const { body: csv } = await memory.get<string>(path);
    const [header, first = ''] = csv.split(/\r?\n/);
    expect(header).toBe('timestamp,sensor_id,mode,value,TempC,Vin');
    expect(first).toMatch(/^20[-0-9]+T[0-9:.]+Z,SIM0001,freerun,-?[\d.]+,[\d.]+,[\d.]+$/);
  }
  for (const path of ['/export/parquet', '/recording/export/parquet']) {
    expect((await memory.get<string>(path)).body.slice(0, 4)).toBe('PAR1');
  }
  await memory.post('/record/stop', { session_id: body['session_id'] });
  for (const format of ['csv', 'parquet']) {
    const { flush_path } = (await memory.post(`/recording/stop?flush=${format}`)).body;
    expect(flush_path).toMatch(new RegExp(`^${memory.folder}/.+\\.${format}$`));
  }
  const nothing = { status: 'stopped', flush_path: null };
  expect((await memory.post('/recording/stop')).body).toEqual(nothing);
});

function bound(contract: Contract, at: string) {
  return {
    get: <T = Record<string, unknown>>(path: string) => contract.get<T>(`${at}${path}`),
    post: (path: string, body?: unknown) => contract.post(`${at}${path}`, body),
  };
}
