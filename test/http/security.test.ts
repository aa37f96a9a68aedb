import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';

/** As a browser would ask, with headers that fetch does not let a test set. */
async function ask(
  base: string,
  path: string,
  headers: Record<string, string>,
  method = 'POST',
): Promise<number> {
  const call = request(`${base}${path}`, { method, headers });
  call.end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? 0;
}

/** The status of a WebSocket upgrade: 101 where it is let in. */
async function upgrade(base: string, headers: Record<string, string>): Promise<number> {
  const call = request(`${base}/stream`, {
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    },
  });
  call.end();
  return new Promise((resolve, reject) => {
    call.on('upgrade', (_answer, socket) => {
      socket.destroy();
      resolve(101);
    });
    call.on('response', (answer) => resolve(answer.statusCode ?? 0));
    call.on('error', reject);
  });
}

const start = async (env: Record<string, string> = {}) =>
  (await ServerProcess.start(await temporaryFolder(), env)).base;

test('a foreign page may not change anything, a program and the own page may', async () => {
  const base = await start({ CORS_ORIGINS: 'https://shore.example' });
  const own = new URL(base).hostname;
  const stop = (headers: Record<string, string>) => ask(base, '/disconnect', headers);
  expect(await stop({})).toBe(200);
  expect(await stop({ Origin: base })).toBe(200);
  expect(await stop({ Origin: `http://${own}` })).toBe(200);
  expect(await stop({ Origin: 'https://shore.example', 'Sec-Fetch-Site': 'cross-site' })).toBe(200);
  expect(await stop({ Origin: 'https://evil.example' })).toBe(403);
  expect(await stop({ Origin: 'null' })).toBe(403);
  expect(await stop({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
});

test('a foreign page is not let into the stream', async () => {
  const base = await start();
  expect(await upgrade(base, {})).toBe(101);
  expect(await upgrade(base, { Origin: base })).toBe(101);
  expect(await upgrade(base, { Origin: 'https://evil.example' })).toBe(403);
});

test('a public name that points at the vehicle is not answered', async () => {
  const base = await start();
  const get = (host: string) => ask(base, '/instrument/health', { Host: host }, 'GET');
  for (const host of [
    'blueos.local',
    '192.168.2.2:9150',
    '[::1]:9150',
    'blueos',
    'localhost:9150',
  ]) {
    expect([host, await get(host)]).toEqual([host, 200]);
  }
  expect(await get('evil.example')).toBe(403);
  expect(await upgrade(base, { Host: 'evil.example' })).toBe(403);
});

test('a name can be allowed in the settings', async () => {
  const server = await ServerProcess.start(await temporaryFolder());
  const settings = await server.call('/settings', {
    method: 'PUT',
    body: { allowed_hosts: ['rov.example'] },
  });
  expect(settings.status).toBe(200);
  expect(await ask(server.base, '/health', { Host: 'rov.example' }, 'GET')).toBe(200);
});

test('with a token set, calls that change something need it, reading does not', async () => {
  const base = await start({ API_TOKEN: 'correct horse' });
  expect(await ask(base, '/health', {}, 'GET')).toBe(200);
  expect(await ask(base, '/disconnect', {})).toBe(401);
  expect(await ask(base, '/disconnect', { Authorization: 'Bearer wrong horse' })).toBe(401);
  expect(await ask(base, '/disconnect', { Authorization: 'Bearer correct horse' })).toBe(200);
});

test('the page says what may be loaded and who may frame it', async () => {
  const server = await ServerProcess.start(await temporaryFolder());
  const { headers } = await server.call('/');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain('unsafe');
  expect(policy).toContain('frame-ancestors');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});
