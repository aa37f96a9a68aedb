import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { Contract, type ErrorBody } from './contract.ts';

const LONG = 'x'.repeat(97 * 1024);

const BODIES: [string, string, string | undefined, number, string][] = [
  ['no JSON', '{"metadata":', 'application/json', 400, 'malformed_json'],
  ['no JSON text', '\u0000\u0001', 'application/json', 400, 'malformed_json'],
  [
    'a form',
    'chunk_interval_s=60',
    'application/x-www-form-urlencoded',
    415,
    'unsupported_content_type',
  ],
  ['plain text', '{}', 'text/plain', 415, 'unsupported_content_type'],
  ['too long', LONG, 'application/json', 413, 'body_too_large'],
  [
    'nested deeply',
    '['.repeat(40_000) + ']'.repeat(40_000),
    'application/json',
    400,
    'bad_request',
  ],
  ['nested metadata', deepMetadata(9_000), 'application/json', 400, 'bad_request'],
];

test('whatever a request is, the answer is JSON with a code, and the service goes on', async () => {
  const { server } = await Contract.start();
  const { base } = server;
  for (const [name, body, type, status, code] of BODIES) {
    const headers = type === undefined ? {} : { 'Content-Type': type };
    const answer = await fetch(`${base}/record/start`, { method: 'POST', headers, body });
    const { code: got } = (await answer.json()) as ErrorBody;
    expect([name, answer.status, got]).toEqual([name, status, code]);
  }
  const wrong: [string, string, number, string][] = [
    ['GET', '/nowhere', 404, 'route_not_found'],
    ['GET', '/sensor', 404, 'route_not_found'],
    ['GET', '/record/start', 405, 'method_not_allowed'],
    ['POST', '/latest', 405, 'method_not_allowed'],
    ['DELETE', '/settings', 405, 'method_not_allowed'],
    ['GET', '/files/%', 404, 'file_not_found'],
    ['GET', '/sessions/%zz', 400, 'bad_request'],
    ['GET', '/recent?seconds=%', 400, 'bad_request'],
    ['GET', '/recent?seconds=1&seconds=2', 400, 'bad_request'],
  ];
  for (const [method, path, status, code] of wrong) {
    const answer = await server.call<ErrorBody>(path, { method });
    expect([path, answer.status, answer.body.code]).toEqual([path, status, code]);
    expect(answer.body.detail).toMatch(/[.?]$/);
  }
  expect((await server.call('/health')).status).toBe(200);
});

test('a body too long is refused before it is read, with or without its length', async () => {
  const { server } = await Contract.start();
  const stream = new ReadableStream({
    // In a turn of its own: else a client that has lost its server would fill it for ever.
    pull: async (controller) => {
      await new Promise((resolve) => setImmediate(resolve));
      controller.enqueue(new Uint8Array(64 * 1024));
    },
  });
  const init = { method: 'PUT', body: stream, duplex: 'half' };
  const endless = await fetch(`${server.base}/settings`, init as RequestInit).then(
    ({ status }) => status,
    () => 'cut off',
  );
  expect([413, 'cut off']).toContain(endless);
  const head = 'POST /record/start HTTP/1.1\r\nHost: test\r\nContent-Length: 999999999\r\n\r\n';
  expect(await raw(server.base, head)).toMatch(/^HTTP\/1\.1 413 .*"body_too_large"/s);
  expect((await server.call('/health')).status).toBe(200);
});

test('a client that leaves in the middle of its request is no error of the service', async () => {
  const { server } = await Contract.start();
  const head = 'POST /record/start HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\n{"meta';
  await leave(server.base, head);
  await leave(server.base, 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: test\r\n\r\n');
  await leave(server.base, 'NONSENSE\r\n\r\n');
  expect((await server.call('/health')).status).toBe(200);
  expect((await server.call('/record/status')).body).toMatchObject({ is_recording: false });
});

test('pages of the vehicle and of configured origins may read answers, others may not', async () => {
  const folder = await temporaryFolder();
  const env = { CORS_ORIGINS: 'https://shore.example, http://10.0.0.5:8080/' };
  const server = await ServerProcess.start(folder, env);
  const allowed = async (origin: string, method = 'GET', headers = {}) =>
    (await server.call('/latest', { method, headers: { Origin: origin, ...headers } })).headers;
  const vehicle = `http://${new URL(server.base).hostname}`;
  for (const origin of [vehicle, 'https://shore.example', 'http://10.0.0.5:8080']) {
    expect((await allowed(origin)).get('access-control-allow-origin')).toBe(origin);
    const asks = { 'Access-Control-Request-Method': 'POST' };
    const preflight = await allowed(origin, 'OPTIONS', asks);
    expect(preflight.get('access-control-allow-methods')).toContain('POST');
    expect(preflight.get('access-control-allow-headers')).toContain('Content-Type');
  }
  const foreign = await allowed('https://evil.example');
  expect(foreign.get('access-control-allow-origin')).toBeNull();
  expect(foreign.get('vary')).toContain('Origin');
});

test('what is wrong with a value is said in a sentence', async () => {
  const { server } = await Contract.start();
  const detail = async (method: string, path: string, body?: unknown) =>
    (await server.call<ErrorBody>(path, { method, body })).body.detail;
  expect(await detail('GET', '/recent?seconds=500')).toBe('seconds: must be at most 300.');
  expect(await detail('GET', '/recent?seconds=x')).toBe('seconds: must be a number.');
  expect(await detail('GET', '/record/snapshots')).toBe('session_id: is missing.');
  expect(await detail('POST', '/start?poll_hz=0')).toBe('poll_hz: must be at least 0.01.');
  expect(await detail('POST', '/config', { mode: 'burst' })).toBe(
    'mode: must be one of freerun, polled.',
  );
  expect(await detail('POST', '/config', { gain: 1 })).toBe('there is no field gain.');
  expect(await detail('POST', '/record/mark', { text: 'x'.repeat(501) })).toBe(
    'text: must have at most 500 characters.',
  );
  expect(await detail('POST', '/record/start', { chunk_interval_s: '5' })).toBe(
    'chunk_interval_s: must be of type number.',
  );
});

function deepMetadata(depth: number): string {
  return `{"metadata":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
}

/** The answer to exactly these bytes. */
async function raw(base: string, text: string): Promise<string> {
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece));
  await once(socket, 'close');
  return Buffer.concat(pieces).toString();
}

/** Sends this and cuts the connection. */
async function leave(base: string, text: string): Promise<void> {
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(text, resolve));
  socket.resetAndDestroy();
  await once(socket, 'close');
}
