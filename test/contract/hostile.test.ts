import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';

const UPGRADE = [
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

/** The first line of the answer. */
async function answered(base: string, target: string, headers: string[]): Promise<string> {
  const { port } = new URL(base);
  const socket = connect(Number(port), '127.0.0.1');
  const lines = [`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', ''];
  socket.write(lines.join('\r\n'));
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return String(bytes).split('\r\n')[0] ?? '';
}

test.each(['http://[/', 'http://a[b/', 'http://[::1', '//a@[/', '//a@[/#'])(
  'what can not be taken apart is refused: %s, also as a WebSocket',
  async (target) => {
    const server = await ServerProcess.start(await temporaryFolder());
    for (const headers of [['Connection: close'], UPGRADE]) {
      expect(await answered(server.base, target, headers)).toMatch(/^HTTP\/1.1 (400|404) /);
    }
    expect(await answered(server.base, 'http://127.0.0.1/health', [])).toBe('HTTP/1.1 200 OK');
    expect((await server.call('/health')).status).toBe(200);
  },
);

test('a client that resets the connection with which it was refused ends nothing', async () => {
  const server = await ServerProcess.start(await temporaryFolder());
  const { port } = new URL(server.base);
  const lines = ['GET http://[/ HTTP/1.1', 'Host: 127.0.0.1', ...UPGRADE, '', ''];
  for (let times = 0; times < 30; times += 1) {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(lines.join('\r\n'), () => socket.resetAndDestroy());
    await once(socket, 'close');
  }
  expect((await server.call('/health')).status).toBe(200);
});

test('a baud rate that is looked for at a port that is not there is a 503 in words', async () => {
  const server = await ServerProcess.start(await temporaryFolder());
  for (const port of ['/dev/nonexistent', '/dev/null']) {
    const { status, body } = await server.post(`/sensor/find-baud?port=${port}`);
    expect([status, body['code']]).toEqual([503, 'port_unavailable']);
  }
  expect((await server.call('/health')).status).toBe(200);
});

test('the simulator can not be set where the service was not started with it', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), {
    SERIAL_PORT: '/dev/ttyUSB0',
  });
  const put = (serial_port: string) =>
    server.call('/settings', { method: 'PUT', body: { serial_port } });
  expect(await put('sim:')).toMatchObject({ status: 400, body: { code: 'not_a_serial_port' } });
  expect((await put('/dev/ttyUSB1')).status).toBe(200);
});
