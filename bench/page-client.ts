import { once } from 'node:events';
import { Agent } from 'node:http';
import WebSocket from 'ws';
import { seconds } from './process.ts';
import { requestTime } from './requests.ts';

const POLLED = ['/instrument/health', '/record/status'];

/** Asks what the page asks: the stream in batches, health and status each second. */
export async function openPageClient(base: string): Promise<() => Promise<void>> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/stream?batch_ms=100`);
  await once(socket, 'open');
  const agent = new Agent({ keepAlive: true });
  let open = true;
  const polling = (async () => {
    for (; open; await seconds(1)) {
      await Promise.all(POLLED.map((path) => requestTime(`${base}${path}`, agent)));
    }
  })();
  return async () => {
    open = false;
    await polling;
    agent.destroy();
    socket.close();
  };
}
