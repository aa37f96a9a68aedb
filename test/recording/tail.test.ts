import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Chunk } from '../../shared/session.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';

async function recording() {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const started = await server.post<{ session_id: string }>('/record/start', {
    chunk_interval_s: 1,
  });
  const id = started.body.session_id;
  const tail = (fromSeq: number) =>
    fetch(`${server.base}/record/tail?session_id=${id}&from_seq=${fromSeq}`);
  return { server, id, tail };
}

const seqs = (text: string) => [...text.matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq));

test('the tail gives every row once, ahead of its chunk, and ends with the session', async () => {
  const { server, id, tail } = await recording();
  const whole = (await tail(0)).text();
  await expect
    .poll(async () => (await server.call<{ total_rows: number }>('/record/status')).body.total_rows)
    .toBeGreaterThan(200);
  await server.post('/record/stop', { session_id: id });
  const text = await whole;

  const { body } = await server.call<{ chunks: Chunk[] }>(`/record/snapshots?session_id=${id}`);
  const files = body.chunks.map(({ filename }) => server.call<string>(`/files/${id}/${filename}`));
  const recorded = (await Promise.all(files)).map((file) => file.body).join('');
  expect(seqs(text)).toEqual(seqs(recorded));
  expect(text).toBe(recorded);
});

test('it goes on from the row that is asked for', async () => {
  const { server, id, tail } = await recording();
  await expect
    .poll(async () => (await server.call<{ total_rows: number }>('/record/status')).body.total_rows)
    .toBeGreaterThan(20);
  const rest = (await tail(100_000)).text();
  const late = (await tail(10)).text();
  await server.post('/record/stop', { session_id: id });
  expect(seqs(await rest)).toEqual([]);
  const rows = seqs(await late);
  expect(rows[0]).toBeGreaterThanOrEqual(10);
  expect(rows).toEqual(rows.map((_, i) => (rows[0] ?? 0) + i));
});

test('a session that is over has no tail, one that is not known is an error', async () => {
  const { server, id, tail } = await recording();
  await server.post('/record/stop', { session_id: id });
  expect(await (await tail(0)).text()).toBe('');
  const unknown = await server.call(`/record/tail?session_id=${randomUUID()}`);
  expect(unknown).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
});
