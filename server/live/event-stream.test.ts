import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Clock } from '../../shared/clock.ts';
import type { Reading } from '../../shared/reading.ts';
import { EventStream } from './event-stream.ts';
import { LiveHub } from './hub.ts';
import { Streams } from './streams.ts';

const clock: Clock = { now: () => ({ mono: performance.now() / 1000, wallMicros: 1e15 }) };
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const QUICK_MS = 20;

function push(hub: LiveHub, count: number): void {
  const fields = {
    sensorId: 'QSR-2150',
    mode: 'freerun',
    temperature: null,
    voltage: null,
  } as const;
  for (let value = 0; value < count; value += 1) {
    hub.push({ ...clock.now(), ...fields, value: String(value) } satisfies Reading);
  }
}

interface Connection {
  client: Socket;
  answer: ServerResponse;
}

/** A client that has asked, and reads nothing until it is told to. */
async function connected(): Promise<Connection> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.pause();
  client.write(REQUEST);
  onTestFinished(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  const [, answer] = (await once(server, 'request')) as [unknown, ServerResponse];
  return { client, answer };
}

test('a client that takes nothing is cut off, and nothing is written to it after that', async () => {
  const hub = new LiveHub(clock);
  const streams = new Streams(hub, clock);
  const { answer } = await connected();
  await new EventStream(answer, hub, QUICK_MS).run(streams, { batchMs: null, lastSeq: null });
  for (let round = 0; round < 40 && streams.size > 0; round += 1) {
    push(hub, 5000);
    await new Promise(setImmediate);
  }
  expect(streams.size).toBe(0);
  const written = vi.spyOn(answer, 'write');
  await expect.poll(() => answer.destroyed).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 3 * QUICK_MS));
  expect(written).not.toHaveBeenCalled();
});

test('a long past is sent whole, in order, while more comes, and leaves nothing behind', async () => {
  const hub = new LiveHub(clock);
  const streams = new Streams(hub, clock);
  const { client, answer } = await connected();
  push(hub, 40_000);
  const warned = vi.fn();
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  const listeners = answer.listenerCount('close');
  const running = new EventStream(answer, hub).run(streams, {
    batchMs: null,
    lastSeq: hub.firstSeq - 1,
  });
  let text = '';
  client.on('data', (piece) => {
    text += piece.toString('latin1');
    if (hub.count < 41_000) push(hub, 10);
  });
  client.resume();
  await running;
  expect(hub.count).toBeGreaterThan(40_000);
  const first = hub.firstSeq;
  push(hub, 1);
  await expect.poll(() => text).toContain(`id: ${hub.nextSeq - 1}\n`);
  const ids = Array.from(text.matchAll(/^id: (\d+)\ndata: {/gm), ([, id]) => Number(id));
  expect(ids).toEqual(Array.from({ length: hub.count }, (_, place) => first + place));
  expect(answer.listenerCount('close') - listeners).toBeLessThan(4);
  expect(warned).not.toHaveBeenCalled();
});

test('an answer whose client has left before it began takes no timer', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const hub = new LiveHub(clock);
  const gone = new PassThrough().destroy();
  await new EventStream(gone, hub).run(new Streams(hub, clock), { batchMs: null, lastSeq: null });
  expect(vi.getTimerCount()).toBe(0);
});
