import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import type { Figure } from './figure.ts';
import { cpuSeconds, seconds } from './process.ts';
import { quantile } from './requests.ts';
import { type Service, startService } from './service.ts';
import { machineMillis, type Sent } from './stream-sensor.ts';
import { inFolder } from './temporary.ts';

const CLIENTS = 5;
const MANY = 19;
const WARM_UP_S = 5;
const MEASURED_S = 30;

/** From the complete line on a PTY to the message in a client, while a chunk is sealed each second. */
export function run(): Promise<Figure[]> {
  return inFolder('stream', async (folder) => {
    const sensor = await startSensor();
    const environment = { SERIAL_PORT: sensor.path, SERIAL_BAUD: '115200' };
    const service = await startService(folder, environment);
    try {
      await service.post('/record/start', { chunk_interval_s: 1 });
      const few = await delays(service, sensor.sentAt, CLIENTS);
      const stuck = notReading(service.base);
      const many = await delays(service, sensor.sentAt, MANY);
      stuck.destroy();
      return [...few, ...many];
    } finally {
      await service.stop();
      sensor.stop();
    }
  });
}

/** A sensor in a process of its own, and when each of its values was sent. */
async function startSensor() {
  const module = new URL(`./stream-sensor${extname(import.meta.url)}`, import.meta.url);
  const child = fork(fileURLToPath(module));
  const [path] = (await once(child, 'message')) as [string];
  const sentAt = new Map<number, number>();
  child.on('message', (sent: Sent[]) => {
    for (const [value, at] of sent) sentAt.set(value, at);
  });
  return { path, sentAt, stop: () => child.disconnect() };
}

async function delays(service: Service, sentAt: Map<number, number>, clients: number) {
  const readers = await Promise.all(Array.from({ length: clients }, () => reader(service.base)));
  await seconds(WARM_UP_S);
  for (const { begin } of readers) begin();
  const cpu = await cpuSeconds(service.pid);
  await seconds(MEASURED_S);
  const cores = ((await cpuSeconds(service.pid)) - cpu) / MEASURED_S;
  const received = readers.map(({ end }) => end());
  await seconds(1.5);
  return figures(clients, received, sentAt, cores);
}

function figures(clients: number, received: Sent[][], sentAt: Map<number, number>, cores: number) {
  const times = received
    .flat()
    .map(([value, at]) => at - (sentAt.get(value) ?? Number.NaN))
    .sort((a, b) => a - b);
  const conditions = `${MEASURED_S} s at 484 readings/s on a PTY, a chunk sealed each second; with ${MANY} clients one more does not read`;
  const figure = (name: string, value: number, unit: string): Figure => ({
    ...{ name: `${clients} clients: ${name}`, value, unit, conditions },
  });
  return [
    figure('line complete to message, p50', quantile(times, 0.5), 'ms'),
    figure('line complete to message, p99', quantile(times, 0.99), 'ms'),
    figure('readings missing, of all of them together', missing(received), 'rows'),
    figure('processor of the server', cores * 100, '% of a core'),
  ];
}

/** Values rise by one: what a client did not get between its first and its last. */
function missing(received: Sent[][]): number {
  return received.reduce((sum, got) => {
    const [first = Number.NaN] = got[0] ?? [];
    const [last = Number.NaN] = got.at(-1) ?? [];
    return sum + last - first + 1 - got.length;
  }, 0);
}

async function reader(base: string) {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/stream`);
  let got: Sent[] = [];
  socket.on('message', (data) => got.push([JSON.parse(String(data)).value, machineMillis()]));
  await once(socket, 'open');
  const begin = () => {
    got = [];
  };
  const end = () => {
    socket.close();
    return got;
  };
  return { begin, end };
}

/** Asks for the stream and leaves what comes where it is. */
function notReading(base: string) {
  const { host, hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname, () =>
    socket.write(
      `GET /stream HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    ),
  );
  socket.pause();
  socket.on('error', () => socket.destroy());
  return socket;
}
