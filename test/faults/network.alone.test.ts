import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import { missingNumbers, moreRows, peakMb, soundRows, startRecording } from './recorded.ts';

/** The campaign sends 100 000. */
const NONSENSE = Number(process.env['QSENSOR_FAULT_REQUESTS'] ?? 2000);
const BODY_MB = Number(process.env['QSENSOR_FAULT_BODY_MB'] ?? 64);
const CLIENTS = 200;
/** Sockets that are opened and say nothing. */
const DUMB = 50;
const AT_ONCE = 50;
const MEMORY_MB = 150;
const HEAD = 'HTTP/1.1\r\nHost: 127.0.0.1\r\n';

/** Sockets that a test opened, to be closed with it. A refusal or a reset is no error of the test. */
class Crowd {
  readonly #port: number;
  readonly #sockets: Socket[] = [];

  constructor(base: string) {
    this.#port = Number(new URL(base).port);
    onTestFinished(() => {
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  async open(text: string): Promise<Socket> {
    const socket = connect(this.#port, '127.0.0.1');
    socket.on('error', () => undefined);
    this.#sockets.push(socket);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  }

  async openMany(count: number, text: string): Promise<Socket[]> {
    return Promise.all(Array.from({ length: count }, () => this.open(text)));
  }
}

const STREAM =
  `GET /stream ${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

const ODDITIES = [
  'GET / HTTP/9.9\r\n\r\n',
  '\0\0\0\0\r\n\r\n',
  `GET /%ff%fe ${HEAD}\r\n`,
  `GET /record/status?session_id=%00 ${HEAD}\r\n`,
  `BREW /pot ${HEAD}\r\n`,
  `GET /${'a'.repeat(20_000)} ${HEAD}\r\n`,
  `GET /record/status ${HEAD}Transfer-Encoding: nonsense\r\n\r\n`,
];

/** Each on a connection of its own; resolves when the server has answered all, or hung up. */
async function nonsense(crowd: Crowd, count: number): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const socket = await crowd.open(ODDITIES[left % ODDITIES.length] ?? '');
      await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Sends until the server has heard enough; gives its answer, empty where it just hung up. */
async function hugeBody(crowd: Crowd): Promise<string> {
  const socket = await crowd.open(
    `POST /record/start ${HEAD}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let answer = '';
  socket.on('data', (data) => {
    answer += String(data);
  });
  const piece = 'a'.repeat(65_536);
  for (let sent = 0; sent < BODY_MB * 16 && !socket.destroyed && answer === ''; sent += 1) {
    if (socket.write(`10000\r\n${piece}\r\n`)) continue;
    await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
  }
  await closed;
  return answer;
}

test(
  'whatever clients do at once, 500 readings a second are recorded, in little memory',
  async () => {
    const sensor = await NumberedSensor.start(500);
    const server = await ServerProcess.start(await temporaryFolder(), sensor.env);
    const session = await startRecording(server, 2);
    await moreRows(server, 1100);
    const crowd = new Crowd(server.base);
    const chunk = `GET /files/${session.session_id}/chunk_00000.jsonl ${HEAD}\r\n`;
    const unread = [
      ...(await crowd.openMany(CLIENTS / 2, STREAM)),
      ...(await crowd.openMany(CLIENTS / 4, chunk)),
    ];
    for (const socket of unread) socket.pause();
    await crowd.openMany(DUMB, '');
    const slow = await crowd.openMany(CLIENTS / 4, 'POST /record/start HTTP/1.1\r\nHost: 127');
    const dripping = setInterval(() => slow.map((socket) => socket.write('.')), 100);
    onTestFinished(() => clearInterval(dripping));

    expect(await hugeBody(crowd)).toMatch(/^(HTTP\/1.1 413|$)/);
    const begun = performance.now();
    await nonsense(crowd, NONSENSE);
    const rate = (NONSENSE / (performance.now() - begun)) * 1000;
    await moreRows(server, 500);
    expect((await server.call('/instrument/health')).body).toMatchObject({ state: 'ACQ_FREERUN' });
    await server.post('/record/stop', { session_id: session.session_id });
    expect(missingNumbers(await soundRows(session.storage_path), sensor.sent)).toEqual([]);
    const peak = await peakMb(server);
    console.log(
      `${NONSENSE} nonsense requests, ${rate.toFixed(0)} a second, beside ${CLIENTS + DUMB} clients: ${peak.toFixed(0)} MB`,
    );
    expect(peak).toBeLessThan(MEMORY_MB);
  },
  60_000 + NONSENSE * 5,
);
