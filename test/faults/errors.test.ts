import { once } from 'node:events';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import { preload } from './preload.ts';
import { missingNumbers, moreRows, recordStatus, soundRows, startRecording } from './recorded.ts';

interface Place {
  /** Seconds of a chunk. */
  interval: number;
  /** Makes what the platform offers throw, from the signal on. */
  options: string;
  /** Brings the server to where it throws; nothing where it comes there by itself. */
  reach?: (server: ServerProcess) => Promise<unknown>;
}

const THROW = "throw new Error('thrown on purpose');";

const PLACES: Record<string, Place> = {
  'the handler of a route': {
    interval: 60,
    options: preload(
      "import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module';",
      `os.hostname = () => { ${THROW} }; syncBuiltinESMExports();`,
    ),
    reach: async (server) => {
      let body: unknown;
      const status = async () => {
        const answer = await server.call('/system');
        body = answer.body;
        return answer.status;
      };
      // The signal may come after the first request.
      await expect.poll(status).toBe(500);
      expect(body).toMatchObject({ code: 'internal_error' });
      expect(JSON.stringify(body)).not.toContain('thrown on purpose');
    },
  },
  'the handler of a WebSocket': {
    interval: 60,
    options: preload(
      "import { Socket } from 'node:net';",
      // What a frame is sent with; this test asks nothing else of the server meanwhile.
      `Socket.prototype.cork = () => { ${THROW} };`,
    ),
    reach: async ({ base }) => {
      const socket = new WebSocket(`${base.replace('http', 'ws')}/stream`);
      socket.on('error', () => undefined);
      await once(socket, 'close');
    },
  },
  'a timer': {
    interval: 60,
    options: preload(
      'const real = globalThis.setTimeout;',
      `globalThis.setTimeout = (_task, ...more) => {
        globalThis.setTimeout = real;
        return real(() => { ${THROW} }, ...more);
      };`,
    ),
  },
  'the reading of a line': {
    interval: 60,
    options: preload(
      'const real = RegExp.prototype.exec;',
      `RegExp.prototype.exec = function (text) {
        if (this.source.includes('{1,8}')) ${THROW}
        return real.call(this, text);
      };`,
    ),
  },
  // The disk is slow, so that rows of the next chunk wait meanwhile.
  'the sealing of a chunk': {
    interval: 1,
    options: preload(
      "import { createHash } from 'node:crypto'; import { open } from 'node:fs/promises';" +
        "const hashes = Object.getPrototypeOf(createHash('sha256'));" +
        "const files = Object.getPrototypeOf(await open('/dev/null'));" +
        'const { datasync } = files; files.datasync = async function () {' +
        'await new Promise((slow) => setTimeout(slow, 700)); return datasync.call(this); };',
      `hashes.digest = () => { ${THROW} };`,
    ),
  },
};

test.each(Object.entries(PLACES))(
  'an error thrown in %s ends the service with 1; what it took is kept, and the next start goes on',
  async (_name, { interval, options, reach }) => {
    const sensor = await NumberedSensor.start(500);
    const folder = await temporaryFolder();
    const env = { ...sensor.env, NODE_OPTIONS: options };
    const server = await ServerProcess.start(folder, env);
    const session = await startRecording(server, interval);
    await moreRows(server, 300);
    const ended = once(server.child, 'exit');
    server.child.kill('SIGUSR2');
    await reach?.(server);
    const total_rows = await lastTotal(server);
    expect(await ended).toEqual([1, null]);
    expect(server.log.join()).toContain('thrown on purpose');

    const next = await ServerProcess.start(folder, sensor.env);
    await moreRows(next);
    expect(await recordStatus(next)).toMatchObject({ session_id: session.session_id });
    await next.post('/record/stop', { session_id: session.session_id });
    const rows = await soundRows(session.storage_path);
    expect(rows.length).toBeGreaterThanOrEqual(total_rows);
    expect(missingNumbers(rows.slice(0, total_rows), sensor.sent)).toEqual([]);
  },
);

/** Rows that it said it had taken, as late as it said anything. */
async function lastTotal(server: ServerProcess): Promise<number> {
  let most = 0;
  while (server.child.exitCode === null && server.child.signalCode === null) {
    const status = await recordStatus(server).catch(() => null);
    most = Math.max(most, status?.total_rows ?? 0);
  }
  return most;
}
