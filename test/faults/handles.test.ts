import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import {
  eventsOf,
  missingNumbers,
  moreRows,
  recordStatus,
  soundRows,
  startRecording,
} from './recorded.ts';

/** Of the running process, from now on; what is open stays open. */
function allowHandles(server: ServerProcess, handles: number): void {
  const args = ['--pid', `${server.child.pid}`, `--nofile=${handles}:`];
  try {
    execFileSync('prlimit', args);
  } catch (cause) {
    throw new Error('This needs prlimit: apt-get install util-linux', { cause });
  }
}

test('a process that runs out of handles goes on recording, and loses no row', async () => {
  const sensor = await NumberedSensor.start(500);
  const server = await ServerProcess.start(await temporaryFolder(), sensor.env);
  const session = await startRecording(server, 1);
  await moreRows(server, 300);
  // Less than it has open already: no chunk, no folder and no connection can be opened.
  allowHandles(server, 8);
  const before = sensor.newest;
  await expect.poll(() => sensor.newest, { timeout: 20_000 }).toBeGreaterThan(before + 1500);
  allowHandles(server, 1024);
  await moreRows(server, 300);
  expect(await recordStatus(server)).toMatchObject({ is_recording: true, failure: null });
  await server.post('/record/stop', { session_id: session.session_id });
  const rows = await soundRows(session.storage_path);
  expect(missingNumbers(rows, sensor.sent)).toEqual([]);
  const kinds = (await eventsOf(session.storage_path)).map(({ kind }) => kind);
  expect(kinds).not.toContain('recording_failed');
});

test('connections have a limit, and those that were open go on', async () => {
  const server = await ServerProcess.start(await temporaryFolder());
  const { port } = new URL(server.base);
  const sockets: Socket[] = [];
  let refused = 0;
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let count = 0; count < 600; count += 1) {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    socket.on('close', () => {
      refused += 1;
    });
    sockets.push(socket);
    await once(socket, 'connect');
  }
  await expect.poll(() => refused).toBeGreaterThanOrEqual(100);
  const [first] = sockets;
  first?.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [answer] = await once(first as Socket, 'data');
  expect(String(answer)).toContain('200 OK');
});
