import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { STREAM_CLOSE, STREAM_PATHS } from '../../shared/api/stream.ts';
import type { Row } from '../../shared/row.ts';
import { FAST } from '../support/simulated.ts';
import { Contract } from './contract.ts';

/** 500 readings a second. */
const QUICK = { ...FAST, SERIAL_PORT: 'sim:burst=0,rate=500,averaging=1,baud=115200' };

test('every reading in order, as in the chunks, each by itself and in batches', async () => {
  const vehicle = await Contract.start(QUICK);
  await vehicle.post('/connect');
  const streams = [...STREAM_PATHS, '/stream?batch_ms=20'].map((path) => follow(vehicle, path));
  await Promise.all(streams.map(({ opened }) => opened));
  const { body } = await vehicle.post<{ session_id: string }>('/record/start', {});
  const total = async () => (await vehicle.get('/record/status')).body['total_rows'];
  await expect.poll(total, { timeout: 10_000 }).toBeGreaterThan(600);
  await vehicle.post('/record/stop', { session_id: body.session_id });
  const { body: text } = await vehicle.get<string>(
    `/sessions/${body.session_id}/export?format=jsonl`,
  );
  const rows = text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
  for (const { rows: streamed } of streams) {
    await expect.poll(() => streamed.length).toBeGreaterThanOrEqual(rows.length);
    const recorded = rows.map(({ seq, elapsed_s, ...row }) => row as Row);
    expect(streamed.slice(0, recorded.length)).toEqual(recorded);
  }
});

test('a wrong interval, a wrong path, and the end of the service have close codes', async () => {
  const vehicle = await Contract.start();
  for (const path of [
    '/stream?batch_ms=19',
    '/stream?batch_ms=1001',
    '/stream?batch_ms=x',
    '/nope',
  ]) {
    expect([path, await follow(vehicle, path).closed]).toEqual([path, STREAM_CLOSE.badRequest]);
  }
  const { opened, closed } = follow(vehicle, '/stream');
  await opened;
  const loud = follow(vehicle, '/stream');
  await loud.opened;
  loud.socket.send('x'.repeat(5000));
  expect(await loud.closed).toBe(1009);
  await vehicle.server.stop();
  expect(await closed).toBe(STREAM_CLOSE.goingAway);
});

function follow({ server }: Contract, path: string) {
  const socket = new WebSocket(`${server.base.replace('http', 'ws')}${path}`);
  onTestFinished(() => socket.terminate());
  const rows: Row[] = [];
  socket.on('message', (data) => rows.push(...[JSON.parse(String(data))].flat()));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const opened = new Promise((resolve) => socket.on('open', resolve));
  return { socket, rows, opened, closed };
}
