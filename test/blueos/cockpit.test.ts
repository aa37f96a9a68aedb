import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';
import { COCKPIT_FILES, type CockpitAction, cockpit17File, press } from './cockpit-file.ts';
import { dataLake } from './data-lake.ts';
import { startBlueOs } from './front.ts';

/** Longer apart than what counts as one press. */
const NEXT_PRESS = { interval: 1200 };

interface Session {
  events: { kind: string }[];
}

const start = async () => ServerProcess.start(await temporaryFolder(), FAST);

/** A vehicle with the extension behind BlueOS's address, and the file that Cockpit reads. */
async function behindBlueOs() {
  const server = await start();
  const address = new URL(await startBlueOs({ extension: server.base })).host;
  const { body } = await server.call('/cockpit_extras.json');
  const file = COCKPIT_FILES['1.19'].parse(body);
  const byId = new Map(file.actions.map((action) => [action.id, action]));
  const pressed = (id: string) => press(byId.get(`qsensor-${id}`) as CockpitAction, address);
  return { server, address, body, file, pressed };
}

test('Cockpit finds its widget, and every button that is suggested has its action', async () => {
  const { file, address } = await behindBlueOs();
  for (const { iframeUrl, iframeIcon } of file.widgets) {
    for (const path of [iframeUrl, iframeIcon]) {
      const response = await fetch(`http://${address}/extensionv2/qsensor${path}`);
      expect([path, response.status]).toEqual([path, 200]);
    }
  }
  const ids = file.actions.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const buttons = file.joystickSuggestions.flatMap((group) => group.buttonMappingSuggestions);
  for (const { actionId } of buttons) expect(ids).toContain(actionId);
});

test('every version of Cockpit in use reads the file: camelCase since 1.18, snake_case before', async () => {
  const { body, file } = await behindBlueOs();
  expect(COCKPIT_FILES['1.18'].parse(body).actions).toEqual(file.actions);
  const old = cockpit17File.parse(body);
  expect(old.widgets.map(({ iframe_url }) => iframe_url)).toEqual(
    file.widgets.map(({ iframeUrl }) => iframeUrl),
  );
  expect(old.actions.map(({ config }) => config)).toMatchObject(
    file.actions.map(({ config }) => config),
  );
  for (const { config } of file.actions)
    expect(Object.keys(config.headers)).toEqual(['Content-Type']);
});

test('buttons that know no session start, mark and stop the recording', async () => {
  const { server, pressed } = await behindBlueOs();
  for (const id of ['mark', 'stop']) {
    expect(await pressed(id)).toMatchObject({ status: 400, body: { code: 'not_recording' } });
  }
  const { body } = await pressed('start');
  expect((await pressed('mark')).body).toMatchObject({ text: 'Mark' });
  const text = 'Seagrass starts here';
  expect((await server.post('/record/mark', { text })).body).toMatchObject({ text });
  const { session_id } = body;
  expect((await pressed('stop')).body).toMatchObject({ session_id, final_chunk_count: 1 });
  const session = await server.call<{ events: unknown[] }>(`/sessions/${session_id}`);
  for (const detail of ['Mark', text]) {
    expect(session.body.events).toContainEqual(expect.objectContaining({ kind: 'marker', detail }));
  }
});

test('one button starts the recording and stops it, and one that fires more than once counts once', async () => {
  const { server, pressed } = await behindBlueOs();
  const often = (id: string) => Promise.all([pressed(id), pressed(id), pressed(id)]);
  const [first, ...others] = await often('toggle');
  expect(first.body).toMatchObject({ is_recording: true });
  for (const other of others) expect(other).toEqual(first);

  await often('mark');
  const stopped = { body: { ...first.body, is_recording: false } };
  // At the same time, since a stop may take longer than a press that counts with it may be late.
  await expect.poll(() => often('toggle'), NEXT_PRESS).toMatchObject([stopped, stopped, stopped]);

  const { sessions } = (await server.call<{ sessions: object[] }>('/sessions')).body;
  expect(sessions).toMatchObject([{ session_id: first.body.session_id, state: 'complete' }]);
  const { events } = (await server.call<Session>(`/sessions/${first.body.session_id}`)).body;
  expect(events.filter(({ kind }) => kind === 'marker')).toHaveLength(1);
});

test('buttons for start and stop that fire more than once begin and end one session', async () => {
  const { server, pressed } = await behindBlueOs();
  for (const id of ['start', 'stop']) {
    const [first, ...others] = await Promise.all([pressed(id), pressed(id), pressed(id)]);
    expect(first.status).toBe(200);
    for (const other of others) expect(other).toEqual(first);
  }
  expect((await server.call<{ sessions: object[] }>('/sessions')).body.sessions).toHaveLength(1);
  expect(await pressed('mark')).toMatchObject({ status: 400, body: { code: 'not_recording' } });
});

test('the data lake is told the light and the recording, each variable in a message of its own', async () => {
  const server = await start();
  const told = await dataLake(server);
  await expect.poll(() => told.get('qsensor-recording')).toBe('0');
  expect(told.get('qsensor-state')).toBe('"DISCONNECTED"');
  expect(told.has('qsensor-par')).toBe(false);
  await server.post('/record/toggle');
  await expect.poll(() => Number(told.get('qsensor-rows'))).toBeGreaterThan(3);
  expect(told.get('qsensor-recording')).toBe('1');
  expect(told.get('qsensor-state')).toBe('"ACQ_FREERUN"');
  for (const name of ['qsensor-par', 'qsensor-temperature', 'qsensor-vin']) {
    expect(Number(told.get(name))).toBeGreaterThan(0);
  }
});

test('a display can tell that the light it shows is an old one', async () => {
  const server = await start();
  const told = await dataLake(server);
  await expect.poll(() => told.get('qsensor-age')).toBe('999');
  await server.post('/record/toggle');
  await expect.poll(() => Number(told.get('qsensor-age'))).toBeLessThan(1);
  await server.post('/pause');
  await expect.poll(() => told.get('qsensor-state')).toBe('"PAUSED"');
  await expect.poll(() => Number(told.get('qsensor-age'))).toBeGreaterThan(1);
});
