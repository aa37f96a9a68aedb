import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import type { Figure } from './figure.ts';
import { startService } from './service.ts';

const READERS = 19;
const SECONDS = 60;
const SENSOR = 'sim:burst=0,rate=500,averaging=1,baud=115200';
const CONDITIONS = `${READERS} clients that read and one that does not, a recording session, ${SECONDS} s at 500 readings/s nominal`;

/** Stream clients at full rate, one of them not reading: what the others and the recorder get. */
export async function run(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-stream-'));
  const service = await startService(folder, { SERIAL_PORT: SENSOR, SERIAL_BAUD: '115200' });
  try {
    return await measure(new URL(service.base).host, service.pid);
  } finally {
    await service.stop();
    await rm(folder, { recursive: true });
  }
}

async function measure(host: string, pid: number): Promise<Figure[]> {
  await post(host, '/connect');
  const readers = await Promise.all(Array.from({ length: READERS }, () => reader(host)));
  const idle = notReading(host);
  const { session_id } = await post(host, '/record/start', { chunk_interval_s: 5 });
  await seconds(SECONDS / 4);
  const [cpu, early] = [await cpuSeconds(pid), await residentMb(pid)];
  await seconds((SECONDS * 3) / 4);
  const [busy, late] = [(await cpuSeconds(pid)) - cpu, await residentMb(pid)];
  const { total_rows } = await post(host, '/record/stop', { session_id });
  await seconds(0.5);
  const readings = await readingsSoFar(host);
  idle.destroy();
  for (const { socket } of readers) socket.close();
  const missing = readers.reduce((sum, { got }) => sum + readings - got(), 0);
  const delays = readers.flatMap(({ delays }) => delays).sort((a, b) => a - b);
  return [
    figure('readings recorded', total_rows, 'rows'),
    figure('readings missing, of all reading clients together', missing, 'rows'),
    figure('delay from the reading to a client, median', at(delays, 0.5), 'ms'),
    figure('delay from the reading to a client, 99 %', at(delays, 0.99), 'ms'),
    figure('processor of the server', busy / ((SECONDS * 3) / 4), 'cores'),
    figure('resident memory after a quarter of the time', early, 'MB'),
    figure('resident memory at the end', late, 'MB'),
  ];
}

async function post(host: string, path: string, body?: object) {
  const headers = { 'Content-Type': 'application/json' };
  const init = body ? { headers, body: JSON.stringify(body) } : {};
  const answer = await fetch(`http://${host}${path}`, { method: 'POST', ...init });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as { session_id: string; total_rows: number };
}

async function readingsSoFar(host: string): Promise<number> {
  const answer = await fetch(`http://${host}/stats`);
  const stats = (await answer.json()) as { row_count: number };
  return stats.row_count;
}

async function reader(host: string) {
  const socket = new WebSocket(`ws://${host}/stream`);
  const delays: number[] = [];
  let count = 0;
  socket.on('message', (data) => {
    count += 1;
    if (count % 50 === 0) delays.push(Date.now() - Date.parse(JSON.parse(String(data)).timestamp));
  });
  await once(socket, 'open');
  return { socket, delays, got: () => count };
}

/** Asks for the stream and leaves what comes where it is. */
function notReading(host: string) {
  const [name, port] = host.split(':');
  const socket = connect(Number(port), name, () =>
    socket.write(
      `GET /stream HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    ),
  );
  socket.pause();
  socket.on('error', () => socket.destroy());
  return socket;
}

async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

function at(sorted: number[], part: number): number {
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}

function figure(name: string, value: number, unit: string): Figure {
  return { name, value, unit, conditions: CONDITIONS };
}
