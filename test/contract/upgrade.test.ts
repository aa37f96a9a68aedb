import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';

/** What curl --http2 and Java's HttpClient send along with a first request. */
const OFFER = {
  Connection: 'Upgrade, HTTP2-Settings',
  Upgrade: 'h2c',
  'HTTP2-Settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
};

async function text(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test('an offer of HTTP/2 is not taken up, and the request answered, its body read', async () => {
  const server = await ServerProcess.start(await temporaryFolder());
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = async (method: string, path: string, body: object, headers = {}) => {
    const json = { 'Content-Type': 'application/json', ...headers };
    const call = request(`${server.base}${path}`, { method, agent, headers: json });
    call.end(method === 'GET' ? undefined : JSON.stringify(body));
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    return { status: answer.statusCode, reused: call.reusedSocket, body: await text(answer) };
  };
  expect(await send('GET', '/health', {}, OFFER)).toMatchObject({ status: 200 });
  const names = Array.from({ length: 20 }, (_, index) => `${'rov'.repeat(20)}${index}.example`);
  const put = await send('PUT', '/settings', { allowed_hosts: names }, OFFER);
  expect([put.status, JSON.parse(put.body).allowed_hosts, put.reused]).toEqual([200, names, true]);
  expect(await send('GET', '/version', {})).toMatchObject({ status: 200, reused: true });
  agent.destroy();
});
