import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { ServerProcess, temporaryFolder } from './support/server.ts';

const FAST = { SERIAL_PORT: 'sim:burst=0,speed=10,baud=115200', SERIAL_BAUD: '115200' };
const start = async () => ServerProcess.start(await temporaryFolder(), FAST);

/** What BlueOS's Helper needs: one field missing, and the extension is not listed at all. */
const registration = z.object({
  name: z.string().min(1),
  description: z.string().min(1),
  icon: z.string().regex(/^mdi-[a-z-]+$/),
  company: z.string().min(1),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  webpage: z.string(),
  api: z.string().min(1),
  new_page: z.boolean(),
  avoid_iframes: z.boolean(),
  works_in_relative_paths: z.literal(true),
  extras: z.record(z.string(), z.string()),
});

test("the Helper's scan finds page, registration and documentation", async () => {
  const server = await start();
  const page = await server.call<string>('/');
  expect(page.status).toBe(200);
  expect(page.body).toMatch(/<title>[^<]+<\/title>/);
  const registered = registration.parse((await server.call('/register_service')).body);
  expect(registered.name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')).toBe('qsensor');
  expect((await server.call<string>('/docs')).body).toContain('swagger-ui');
  for (const path of ['/openapi.json', '/docs.json']) {
    expect((await server.call(path)).body).toMatchObject({ openapi: '3.1.0' });
  }
});

test('Cockpit finds its widget and actions, and each of them leads somewhere', async () => {
  const server = await start();
  const { extras } = registration.parse((await server.call('/register_service')).body);
  const { body } = await server.call<{
    widgets: { iframe_url: string; iframe_icon: string }[];
    actions: { config: { url: string; method: string } }[];
  }>(extras['cockpit'] ?? '');
  expect(body).toMatchObject({ target_system: 'Cockpit', target_cockpit_api_version: '1.0.0' });
  for (const { iframe_url, iframe_icon } of body.widgets) {
    expect((await server.call(iframe_url)).status).toBe(200);
    expect((await server.call(iframe_icon)).status).toBe(200);
  }
  for (const { config } of body.actions) {
    const path = config.url.replace(
      /^http:\/\/\{\{ vehicle-address \}\}\/extensionv2\/qsensor/,
      '',
    );
    const wrongMethod = await server.call(path);
    expect([path, wrongMethod.status]).toEqual([path, 405]);
  }
});

test('a button that knows no session starts, marks and stops the recording', async () => {
  const server = await start();
  const early = await server.post('/record/mark', { text: 'too early' });
  expect(early).toMatchObject({ status: 400, body: { code: 'not_recording' } });
  const begun = await server.post<{ session_id: string }>('/record/toggle');
  expect(begun.body).toMatchObject({ is_recording: true });
  const text = 'Seagrass starts here';
  expect((await server.post('/record/mark', { text })).body).toMatchObject({ text });
  const { session_id } = begun.body;
  const ended = await server.post('/record/toggle');
  expect(ended.body).toEqual({ is_recording: false, session_id });
  const { body } = await server.call<{ events: unknown[] }>(`/sessions/${session_id}`);
  expect(body.events).toContainEqual(expect.objectContaining({ kind: 'marker', detail: text }));
});

test('the data lake is told the light and the recording, each variable in a message of its own', async () => {
  const server = await start();
  const socket = new WebSocket(`${server.base.replace('http', 'ws')}/cockpit/data-lake`);
  const told = new Map<string, string>();
  socket.on('message', (message) => {
    const [name = '', value = ''] = String(message).split('=');
    told.set(name, value);
  });
  await once(socket, 'open');
  await expect.poll(() => told.get('qsensor-recording')).toBe('false');
  await server.post('/record/toggle');
  await expect.poll(() => Number(told.get('qsensor-rows'))).toBeGreaterThan(3);
  expect(told.get('qsensor-recording')).toBe('true');
  for (const name of ['qsensor-par', 'qsensor-temperature', 'qsensor-vin']) {
    expect(Number(told.get(name))).toBeGreaterThan(0);
  }
  socket.terminate();
});

test("the image's labels are what the extension store reads", async () => {
  const dockerfile = await readFile('Dockerfile', 'utf8');
  const label = (name: string) =>
    new RegExp(`\\b${name}=(?:'([^']*)'|"([^"]*)")`).exec(dockerfile)?.slice(1).find(Boolean) ?? '';
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(label('version')).toBe(version);
  expect(['device-integration', 'example', 'tool', 'other']).toContain(label('type'));
  const tags = z.array(z.string().regex(/^[a-z0-9-]+$/)).max(10);
  expect(tags.parse(JSON.parse(label('tags')))).not.toEqual([]);
  const person = z.object({ name: z.string().min(1), email: z.email() });
  z.array(person)
    .min(1)
    .parse(JSON.parse(label('authors')));
  person.extend({ about: z.string().min(1) }).parse(JSON.parse(label('company')));
  z.url().parse(label('readme'));
  z.record(z.string(), z.url()).parse(JSON.parse(label('links')));
  expect(JSON.parse(label('permissions'))).toMatchObject({
    ExposedPorts: { '9150/tcp': {} },
    HostConfig: {
      Privileged: true,
      Binds: ['/usr/blueos/extensions/qsensor:/data', '/dev:/dev'],
      PortBindings: { '9150/tcp': [{ HostPort: '9150-9199' }] },
    },
  });
});
