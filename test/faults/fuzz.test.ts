import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { moreRows, startRecording } from './recorded.ts';

/** Requests to each route; the campaign sends many more. */
const RUNS = Number(process.env['QSENSOR_FAULT_RUNS'] ?? 6);
const LIMIT_MS = 60_000 + RUNS * 5000;
const SECRET = 'nobody-may-read-this';
const LINKED_SESSION = '99999999-9999-4999-8999-999999999999';

/** Errors that a device or a disk may be the reason of; 500 never. */
const MAY_FAIL = [503, 504, 507];

interface Operation {
  parameters: { name: string; in: 'path' | 'query' }[];
  requestBody?: { content: Record<string, { schema: { properties?: Record<string, unknown> } }> };
}

interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** A folder beside the data that nothing may be read from, and links into it from the data. */
async function trap() {
  const outside = await temporaryFolder();
  const data = join(outside, 'data');
  const away = join(outside, 'away');
  await mkdir(data);
  await mkdir(away);
  await writeFile(join(outside, 'secret.txt'), SECRET);
  const server = await ServerProcess.start(data, {
    SERIAL_PORT: 'sim:burst=0,speed=100,baud=115200',
    SERIAL_BAUD: '115200',
  });
  const session = await startRecording(server);
  await moreRows(server, 20);
  await server.post('/record/stop', { session_id: session.session_id });
  await symlink('../../secret.txt', join(session.storage_path, 'chunk_00099.jsonl'));
  await linkAway(session.storage_path, away);
  await symlink(away, join(data, LINKED_SESSION));
  return { outside, server, id: session.session_id };
}

/** A whole session outside, as somebody could have left it there. */
async function linkAway(from: string, to: string): Promise<void> {
  const metadata = JSON.parse(await readFile(join(from, 'metadata.json'), 'utf8'));
  const foreign = { ...metadata, session_id: LINKED_SESSION, mission: SECRET };
  await writeFile(join(to, 'metadata.json'), JSON.stringify(foreign));
  const manifest = await readFile(join(from, 'manifest.jsonl'));
  await writeFile(join(to, 'manifest.jsonl'), manifest);
  const row = `{"timestamp":"2025-11-12T14:30:45.000000Z","sensor_id":"${SECRET}","value":1}\n`;
  await writeFile(join(to, 'chunk_00000.jsonl'), row);
}

function hostileText(id: string): fc.Arbitrary<string> {
  const known = fc.constantFrom(
    ...[
      '..',
      '../away',
      '../secret.txt',
      '../../secret.txt',
      '/etc/passwd',
      '..\\secret.txt',
      '.',
      '/',
    ],
    ...['%2e%2e%2fsecret.txt', '%252e%252e%252fsecret.txt', '..%c0%afsecret.txt', '%', '%zz'],
    ...['．．／secret.txt', '․․/secret.txt', '‥/secret.txt', 'a\0b', '\ud800', '🦆', 'ﬁ'],
    ...['__proto__', 'constructor', 'toString', 'NaN', '1e999', '-1', '0x10', 'null', ''],
    ...['chunk_00000.jsonl', 'chunk_00099.jsonl', 'metadata.json', 'x'.repeat(3000)],
    ...[id, LINKED_SESSION, id.toUpperCase(), `${id}/../${LINKED_SESSION}`],
  );
  return fc.oneof({ weight: 3, arbitrary: known }, fc.string({ unit: 'binary', maxLength: 40 }));
}

/** As it is, percent-encoded, or encoded twice; a request line must stay one line. */
function encoded(text: string, times: number): string {
  let path = text.replace(/\p{Surrogate}/gu, '?');
  for (let time = 0; time < times; time += 1) path = encodeURIComponent(path);
  return path.replace(/[^!-~]|[?#]/gu, encodeURIComponent);
}

function calls(method: string, path: string, operation: Operation, id: string): fc.Arbitrary<Call> {
  const text = hostileText(id);
  const times = fc.integer({ min: 0, max: 2 });
  const names = operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const schema = operation.requestBody?.content['application/json']?.schema;
  const keys = [...Object.keys(schema?.properties ?? {}), '__proto__', 'session_id'];
  const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }), fc.constant({ ['__proto__']: 1 }));
  const body = fc.oneof(
    fc.array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 3 }).map(asObject),
    fc.json(),
    text,
    fc.constant(`{"metadata":{"__proto__":{"a":1},"session_id":"forged"}}`),
  );
  return fc
    .record({
      parts: fc.array(fc.tuple(text, times), { minLength: 2, maxLength: 2 }),
      query: fc.array(fc.tuple(fc.constantFrom(...names, 'session_id', 'unknown'), text)),
      body: fc.option(body),
      type: fc.constantFrom('application/json', 'text/plain', 'application/x-ndjson;x=', ''),
      header: fc.constantFrom('Range', 'If-None-Match', 'Origin', 'Accept', 'X-Forwarded-For'),
      headerText: text.map((given) => given.replace(/[^ -~]/gu, '').slice(0, 200)),
    })
    .map(({ parts, query, body, type, header, headerText }) => ({
      method,
      path: `${fill(path, parts)}?${query.map(([name, given]) => `${name}=${encoded(given, 1)}`).join('&')}`,
      headers: { [header]: headerText, ...(type === '' ? {} : { 'Content-Type': type }) },
      body: method === 'GET' ? null : body,
    }));
}

/** By hand: JSON.stringify would leave __proto__ out. */
function asObject(entries: [string, unknown][]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

function fill(path: string, parts: [string, number][]): string {
  let next = 0;
  return path.replaceAll(/\{\w+\}/g, () => encoded(...(parts[next++] ?? ['', 0])));
}

async function send(base: string, { method, path, headers, body }: Call) {
  const { hostname, port } = new URL(base);
  const call = request({ hostname, port, method, path, headers });
  call.end(body?.replace(/\p{Surrogate}/gu, '?'));
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  let text = '';
  for await (const piece of answer) text += String(piece);
  return { status: answer.statusCode ?? 0, text };
}

/** By hand: fetch would resolve the dots itself. */
const get = (base: string, path: string) =>
  send(base, { method: 'GET', path, headers: {}, body: null });

test(
  'no request, however malformed, meets a 500, ends the service or leaves the data folder',
  async () => {
    const { outside, server, id } = await trap();
    const { body: document } = await server.call<{
      paths: Record<string, Record<string, Operation>>;
    }>('/openapi.json');
    const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) =>
        calls(method.toUpperCase(), path, operation, id),
      ),
    );
    for (const route of routes) {
      await fc.assert(
        fc.asyncProperty(route, async (call) => {
          const { status, text } = await send(server.base, call);
          if (status >= 500) expect(MAY_FAIL).toContain(status);
          expect(text).not.toContain(SECRET);
          expect(text).not.toMatch(/\n\s+at \S+ \(/);
        }),
        // A service that has ended answers no smaller case.
        { numRuns: RUNS, endOnFailure: true },
      );
    }
    expect(server.child.exitCode).toBeNull();
    expect((await readdir(outside)).sort()).toEqual(['away', 'data', 'secret.txt']);
    expect((await readdir(join(outside, 'away'))).sort()).toEqual([
      ...['chunk_00000.jsonl', 'manifest.jsonl', 'metadata.json'],
    ]);
    expect(await readFile(join(outside, 'secret.txt'), 'utf8')).toBe(SECRET);
  },
  LIMIT_MS,
);

test.each([
  '/sessions/ID',
  '/sessions/ID/export?format=jsonl',
  '/sessions/ID/preview',
  '/record/snapshots?session_id=ID',
  '/files/ID/chunk_00000.jsonl',
])(
  'a session that is a link to elsewhere is not read by %s',
  async (path) => {
    const { server } = await trap();
    const { status, body } = await server.call<string>(path.replace('ID', LINKED_SESSION));
    expect([403, 404]).toContain(status);
    expect(JSON.stringify(body)).not.toContain(SECRET);
  },
  LIMIT_MS,
);

test.each(['a%00b', '..%2Faway', '%2E%2E', 'x'.repeat(5000), ''])(
  'a session_id of %j that can be none is answered on every route, and ends nothing',
  async (id) => {
    const { server } = await trap();
    const paths = [
      ...['/record/snapshots?session_id=ID', '/record/status?session_id=ID', '/sessions/ID'],
      ...['/sessions/ID/export?format=csv', '/sessions/ID/preview', '/sessions/ID/profile'],
      ...['/sessions/ID/events', '/sessions/ID/tail', '/files/ID/chunk_00000.jsonl'],
    ];
    for (const path of paths) {
      const { status, text } = await get(server.base, path.replace('ID', id));
      expect([path, status < 500]).toEqual([path, true]);
      expect(text).not.toContain(SECRET);
    }
    expect((await server.call('/health')).status).toBe(200);
  },
  LIMIT_MS,
);

test.each(['{"__proto__":{"a":1}}', '{"session_id":"forged"}', '{"state":"complete"}'])(
  'metadata %s is refused, and nothing is begun',
  async (metadata) => {
    const { server } = await trap();
    const call = { method: 'POST', path: '/record/start', body: `{"metadata":${metadata}}` };
    const headers = { 'Content-Type': 'application/json' };
    const { status, text } = await send(server.base, { ...call, headers });
    expect([status, text]).toEqual([400, expect.stringMatching(/session_id|state|__proto__/)]);
    expect((await server.call('/record/status')).body).toMatchObject({ is_recording: false });
  },
  LIMIT_MS,
);

/** A frame as RFC 6455 has it, whatever its fields say: also lengths that do not follow. */
const frame = fc
  .record({
    first: fc.integer({ min: 0, max: 255 }),
    isMasked: fc.boolean(),
    length: fc.constantFrom(null, 126, 127),
    claimed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    payload: fc.uint8Array({ maxLength: 125 }),
  })
  .map(({ first, isMasked, length, claimed, payload }) => {
    const head = Buffer.from([first, (isMasked ? 0x80 : 0) | (length ?? payload.length)]);
    const size = Buffer.alloc(8);
    size.writeBigUInt64BE(claimed);
    const more = length === null ? [] : [size.subarray(length === 126 ? 6 : 0)];
    return Buffer.concat([head, ...more, Buffer.alloc(isMasked ? 4 : 0), payload]);
  });
const frames = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(frame, { maxLength: 5 }).map((some) => Buffer.concat(some)),
);

test.each(['/stream', '/stream?batch_ms=10', '/cockpit/data-lake'])(
  'no bytes on %s end the service',
  async (path) => {
    const { server } = await trap();
    const { port } = new URL(server.base);
    const upgrade =
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
    await fc.assert(
      fc.asyncProperty(frames, async (bytes) => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write(upgrade);
        await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.end(bytes);
        socket.resume();
        socket.setTimeout(200, () => socket.destroy());
        await closed;
      }),
      { numRuns: RUNS * 5, endOnFailure: true },
    );
    expect((await server.call('/health')).status).toBe(200);
  },
  LIMIT_MS,
);
