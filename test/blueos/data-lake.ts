import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { ServerProcess } from '../support/server.ts';

/** Cockpit's data lake: what it was last told of each variable. */
export async function dataLake(server: ServerProcess): Promise<Map<string, string>> {
  const socket = new WebSocket(`${server.base.replace('http', 'ws')}/cockpit/data-lake`);
  onTestFinished(() => socket.terminate());
  const told = new Map<string, string>();
  socket.on('message', (message) => {
    const [name = '', value = ''] = String(message).split('=');
    told.set(name, value);
  });
  await once(socket, 'open');
  return told;
}
