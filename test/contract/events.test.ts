import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Row } from '../../shared/row.ts';
import { openEvents, type ServerEvent } from '../support/event-source.ts';
import { Contract, type ErrorBody } from './contract.ts';

const PATH = '/stream/events';
const ofRows = (events: readonly ServerEvent[]) =>
  events.filter(({ data, id }) => id !== undefined && data);
const ids = (events: readonly ServerEvent[]) => ofRows(events).map(({ id }) => Number(id));

/** Numbers that count up by one. */
function expectNoHole(numbers: readonly number[]): void {
  const first = numbers[0] ?? Number.NaN;
  expect(numbers).toEqual(numbers.map((_, place) => first + place));
}

async function acquiring(): Promise<Contract> {
  const contract = await Contract.start();
  await contract.post('/connect');
  await contract.post('/start');
  return contract;
}

test('only who asks for events gets an answer without end', async () => {
  const contract = await Contract.start();
  for (const Accept of ['*/*', 'application/json', 'text/html']) {
    for (const path of [PATH, '/sensor/stream/events']) {
      const answer = await contract.call<ErrorBody>('GET', path, { headers: { Accept } });
      expect(answer).toMatchObject({ status: 406, body: { code: 'not_acceptable' } });
    }
  }
  const headers = { Accept: 'text/event-stream' };
  expect((await contract.call('GET', `${PATH}?batch_ms=5`, { headers })).status).toBe(400);
  expect((await contract.server.call(PATH, { method: 'HEAD', headers })).status).toBe(200);
});

test('every reading is an event, in order, in the form of the stream', async () => {
  const contract = await acquiring();
  const client = await openEvents(contract.server.base + PATH);
  expect(client.headers.get('content-type')).toBe('text/event-stream');
  expect(client.headers.get('x-accel-buffering')).toBe('no');
  expect(client.headers.get('content-encoding')).toBeNull();
  await expect.poll(() => ids(client.events).length).toBeGreaterThan(20);
  expectNoHole(ids(client.events));
  const rows = ofRows(client.events).map(({ data = '' }) => JSON.parse(data) as Row);
  expect(Object.keys(rows[0] ?? {})).toEqual([
    ...['timestamp', 'sensor_id', 'mode', 'value', 'TempC', 'Vin'],
  ]);
  const times = rows.map(({ timestamp }) => timestamp);
  expect(times).toEqual([...times].sort());
});

test('who comes back with the last number gets what came meanwhile, once', async () => {
  const contract = await acquiring();
  const url = contract.server.base + PATH;
  const first = await openEvents(url);
  await expect.poll(() => ids(first.events).length).toBeGreaterThan(5);
  first.close();
  const last = ids(first.events).at(-1) ?? 0;
  const { row_count } = (await contract.get<{ row_count: number }>('/stats')).body;
  const later = async () => (await contract.get<{ row_count: number }>('/stats')).body.row_count;
  await expect.poll(later).toBeGreaterThan(row_count + 10);
  for (const again of [
    await openEvents(url, { 'Last-Event-ID': `${last}` }),
    await openEvents(`${url}?last_event_id=${last}`),
  ]) {
    await expect.poll(() => ids(again.events).length).toBeGreaterThan(30);
    expect(ids(again.events)[0]).toBe(last + 1);
    expectNoHole(ids(again.events));
    expect(again.events.filter(({ event }) => event === 'gap')).toEqual([]);
  }
  const arrays = await openEvents(`${url}?batch_ms=100&last_event_id=${last}`);
  const rows = () => ofRows(arrays.events).flatMap(({ data = '' }) => JSON.parse(data) as Row[]);
  await expect.poll(() => rows().length).toBeGreaterThan(30);
  expect(ids(arrays.events).at(-1)).toBe(last + rows().length);
});

test('who is cut off before the first reading has a number to come back with', async () => {
  const contract = await Contract.start();
  const url = contract.server.base + PATH;
  const first = await openEvents(url);
  await expect.poll(() => first.events.at(-1)?.id).toMatch(/^\d+$/);
  first.close();
  await contract.post('/connect');
  await contract.post('/start');
  const count = async () => (await contract.get<{ row_count: number }>('/stats')).body.row_count;
  await expect.poll(count).toBeGreaterThan(3);
  const last = Number(first.events.at(-1)?.id);
  const again = await openEvents(url, { 'Last-Event-ID': `${last}` });
  await expect.poll(() => ids(again.events).length).toBeGreaterThan(3);
  expect(ids(again.events)[0]).toBe(last + 1);
});

test('a number of an earlier start is told as a gap of unknown size, and the rows go on', async () => {
  const contract = await acquiring();
  for (const number of ['7', 'not-ours']) {
    const client = await openEvents(contract.server.base + PATH, { 'Last-Event-ID': number });
    await expect.poll(() => ids(client.events).length).toBeGreaterThan(5);
    const [gap] = client.events.filter(({ event }) => event === 'gap');
    expect(JSON.parse(gap?.data ?? '')).toMatchObject({ missing: null });
    expectNoHole(ids(client.events));
  }
});

test('a proxy that speaks HTTP/1.0 gets the events as they are, without pieces counted', async () => {
  const contract = await acquiring();
  const socket = connect(Number(new URL(contract.server.base).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('data', (piece) => {
    text += piece;
  });
  await once(socket, 'connect');
  socket.write(`GET ${PATH} HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
  await expect
    .poll(() => text)
    .toMatch(/\r\n\r\nretry: \d+\n\nid: \d+\n\nid: \d+\ndata: {.*}\n\nid: \d+\n/);
  expect(text).not.toMatch(/transfer-encoding/i);
});

test('the service ends cleanly while a stream is open', async () => {
  const contract = await acquiring();
  const client = await openEvents(contract.server.base + PATH);
  await expect.poll(() => ids(client.events).length).toBeGreaterThan(0);
  await contract.server.stop();
  expect(contract.server.child.exitCode).toBe(0);
});
