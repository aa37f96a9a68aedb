import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Chunk } from '../../shared/session.ts';
import { Contract, recorded } from './contract.ts';

const UNKNOWN = '11111111-1111-4111-8111-111111111111';

interface Snapshots {
  chunks: Chunk[];
  total_chunks: number;
  total_size_bytes: number;
}

const BAD_STARTS: [unknown, string][] = [
  [{ chunk_interval_s: 0 }, 'bad_request'],
  [{ chunk_interval_s: 3601 }, 'bad_request'],
  [{ chunk_interval_s: 1.5 }, 'bad_request'],
  [{ chunk_interval_s: '60' }, 'bad_request'],
  [{ interval: 60 }, 'bad_request'],
  [{ metadata: 'mission' }, 'bad_request'],
  [{ metadata: { note: 'x'.repeat(65 * 1024) } }, 'bad_request'],
  [{ metadata: { session_id: UNKNOWN } }, 'reserved_metadata_key'],
  [{ metadata: { sensor_id: 'forged' } }, 'reserved_metadata_key'],
  [[], 'bad_request'],
];

test('each call of a recording, and each way to get it wrong', async () => {
  const vehicle = await Contract.start();
  const idle = { is_recording: false, session_id: null, chunk_count: 0, total_rows: 0 };
  expect((await vehicle.get('/record/status')).body).toMatchObject(idle);
  expect((await vehicle.get(`/record/status?session_id=${UNKNOWN}`)).body).toMatchObject(idle);
  await vehicle.refused('POST', '/record/stop', [400, 'not_recording'], { session_id: UNKNOWN });
  for (const [body, code] of BAD_STARTS) {
    await vehicle.refused('POST', '/record/start', [400, code], body);
  }
  expect((await readdir(vehicle.folder)).filter((name) => /^[0-9a-f-]{36}$/.test(name))).toEqual(
    [],
  );

  const id = await recorded(vehicle, 2);
  await vehicle.refused('POST', '/record/start', [400, 'already_recording'], {});
  await vehicle.refused('POST', '/record/stop', [400, 'bad_request']);
  await vehicle.refused('POST', '/record/stop', [400, 'bad_request'], { session_id: 'mine' });
  await vehicle.refused('POST', '/record/stop', [400, 'other_session'], { session_id: UNKNOWN });
  await vehicle.refused('GET', `/record/status?session_id=${UNKNOWN}`, [400, 'other_session']);
  expect((await vehicle.get(`/record/status?session_id=${id}`)).body).toMatchObject({
    is_recording: true,
    mission: 'Reef 7',
  });
  await vehicle.refused('DELETE', `/sessions/${id}`, [400, 'session_active']);
  const { body } = await vehicle.post<Record<string, number>>(`/record/stop?session_id=${id}`);
  await vehicle.refused('POST', '/record/stop', [400, 'not_recording'], { session_id: id });
  expect((await vehicle.get('/status')).body).toMatchObject({ state: 'CONFIG_MENU' });

  const { chunks } = (await vehicle.get<Snapshots>(`/record/snapshots?session_id=${id}`)).body;
  expect(chunks).toHaveLength(body['final_chunk_count'] ?? 0);
  expect(chunks.reduce((rows, chunk) => rows + chunk.row_count, 0)).toBe(body['total_rows']);
});

test('snapshots of a past session: newer ones only, unchanged ones, unknown ones', async () => {
  const vehicle = await Contract.start();
  const id = await recorded(vehicle, 2);
  await vehicle.post('/record/stop', { session_id: id });
  const path = `/record/snapshots?session_id=${id}`;
  const all = await vehicle.get<Snapshots>(path);
  const newer = await vehicle.get<Snapshots>(`${path}&after_index=0`);
  expect(newer.body.chunks).toEqual(all.body.chunks.slice(1));
  expect(newer.body.total_chunks).toBe(all.body.total_chunks);
  expect((await vehicle.get(`/sessions/${id}?after_index=0`)).body['chunks']).toEqual(
    all.body.chunks.slice(1),
  );
  const etag = all.headers.get('etag') ?? '';
  const again = await vehicle.get(path, { headers: { 'If-None-Match': etag } });
  expect(again).toMatchObject({ status: 304, body: '' });
  await vehicle.refused('GET', `/record/snapshots?session_id=${UNKNOWN}`, [
    404,
    'session_not_found',
  ]);
  await vehicle.refused('GET', '/record/snapshots', [400, 'bad_request']);
  await vehicle.refused('GET', '/record/snapshots?session_id=mine', [404, 'session_not_found']);
  await vehicle.refused('GET', `${path}&after_index=x`, [400, 'bad_request']);
  await vehicle.refused('GET', `/files/${UNKNOWN}/chunk_00000.jsonl`, [404, 'file_not_found']);
  await vehicle.refused('GET', `/files/${id}/chunk_00009.jsonl`, [404, 'file_not_found']);
  await vehicle.refused('GET', `/files/${id}/..%2fmetadata.json`, [403, 'forbidden_path']);
});

test('/stop and /disconnect finalize a running recording first, also a paused one', async () => {
  const vehicle = await Contract.start();
  for (const before of ['/latest', '/pause']) {
    for (const [path, state] of [
      ['/stop', 'CONFIG_MENU'],
      ['/disconnect', 'DISCONNECTED'],
    ] as const) {
      const id = await recorded(vehicle);
      await vehicle.call(before === '/pause' ? 'POST' : 'GET', before);
      await vehicle.post(path);
      expect((await vehicle.get('/status')).body).toMatchObject({ state, recording: false });
      const { summary } = (await vehicle.get<{ summary: object }>(`/sessions/${id}`)).body;
      expect([before, path, summary]).toMatchObject([before, path, { state: 'complete' }]);
      const names = await readdir(`${vehicle.folder}/${id}`);
      expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
    }
  }
});

test('a start with auto_record records, or does not leave the sensor acquiring', async () => {
  const vehicle = await Contract.start();
  await vehicle.call('PUT', '/settings', { body: { disk_reserve_bytes: 2 ** 52 } });
  await vehicle.post('/connect');
  await vehicle.refused('POST', '/start?auto_record=true', [507, 'disk_full']);
  await vehicle.refused('POST', '/record/start', [507, 'disk_full'], {});
  expect((await vehicle.get('/status')).body).toMatchObject({ state: 'CONFIG_MENU' });
  expect((await vehicle.get('/sessions')).body['total']).toBe(0);
  await vehicle.call('PUT', '/settings', { body: { disk_reserve_bytes: 0 } });
  const { body } = await vehicle.post('/start?auto_record=true');
  expect(body).toEqual({ status: 'started', mode: 'freerun', recording: true });
  expect((await vehicle.get('/record/status')).body).toMatchObject({ is_recording: true });
});
