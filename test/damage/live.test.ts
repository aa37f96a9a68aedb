import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SessionDetail } from '../../shared/api/sessions.ts';
import { recordStatus, startRecording } from '../faults/recorded.ts';
import { SmallDisk } from '../faults/small-disk.ts';
import { Bench, OPTIONS } from '../support/recorder-bench.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';
import { expectedOf, toldOf } from './doors.ts';
import { KINDS, type Left, WHOLE } from './kinds.ts';
import { copyOfSession, recordedSession } from './sessions.ts';

const FIRST = 'chunk_00000.jsonl';

const detailOf = async (server: ServerProcess, id: string) =>
  (await server.call<SessionDetail>(`/sessions/${id}`)).body;

test('a chunk that is lost while its session is recorded is left out and told, and the recording goes on', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const { session_id: id, storage_path } = await startRecording(server);
  const chunks = async () => (await recordStatus(server)).chunk_count;
  await expect.poll(chunks).toBeGreaterThanOrEqual(2);
  await rm(join(storage_path, FIRST));
  const download = await server.call<string>(`/sessions/${id}/export?format=csv`);
  expect(download.status).toBe(200);
  expect(download.headers.get('x-damage')).toBe(`chunk_missing ${FIRST}`);
  const during = await detailOf(server, id);
  expect(during.summary.damage).toMatchObject([{ kind: 'chunk_missing', file: FIRST }]);
  expect(during.chunks.map(({ filename }) => filename)).not.toContain(FIRST);
  const before = await chunks();
  await expect.poll(chunks).toBeGreaterThan(before);
  await server.post('/record/stop', { session_id: id });
  const { summary, chunks: left } = await detailOf(server, id);
  const damage = [['chunk_missing', FIRST]] as const;
  const rows = Object.fromEntries(left.map((chunk) => [chunk.filename, chunk.row_count]));
  expect(summary.state).toBe('complete');
  const expected = expectedOf({ chunks: rows, damage, isWithoutDepth: true });
  expect(await toldOf(server, id)).toEqual(expected);
});

const UNMENDED: Record<string, Partial<Left>> = {
  'chunk removed': {
    chunks: { ...WHOLE, 'chunk_00001.jsonl': 0 },
    damage: [['chunk_missing', 'chunk_00001.jsonl']],
  },
  'metadata garbage': { damage: [['metadata_damaged', 'metadata.json']] },
  'a line damaged': { chunks: { ...WHOLE, [FIRST]: 0 }, damage: [['chunk_damaged', FIRST]] },
  'events removed': { damage: [['events_damaged', 'events.jsonl']] },
};

test('on a disk that takes nothing, damage is told alike at every door, and what is whole is served', async () => {
  const disk = await SmallDisk.mount(4);
  const whole = await recordedSession('jsonl');
  const sessions = [];
  for (const kind of KINDS.filter(({ name }) => name in UNMENDED)) {
    const id = randomUUID();
    await kind.harm(await copyOfSession(whole, disk.path, id));
    sessions.push({ id, name: kind.name });
  }
  disk.makeReadOnly();
  const server = await ServerProcess.start(disk.path);
  expect(sessions).toHaveLength(Object.keys(UNMENDED).length);
  for (const { id, name } of sessions) {
    const { chunks = WHOLE, damage = [] } = UNMENDED[name] ?? {};
    const there = Object.entries(chunks).filter(([, rows]) => rows > 0);
    const left = {
      chunks: Object.fromEntries(there),
      damage: [...damage, ['unmended', null] as const],
    };
    await server.call(`/sessions/${id}/export?format=csv`);
    await expect.poll(async () => (await detailOf(server, id)).summary.damage?.length).toBe(2);
    expect({ [name]: await toldOf(server, id) }).toEqual({ [name]: expectedOf(left) });
  }
});

test('a session that is deleted during its download is gone, and no fault of the disk is told', async () => {
  const bench = await Bench.make();
  const { session_id: id } = await bench.recorder.start({ ...OPTIONS, chunkIntervalS: 100 });
  for (let part = 0; part < 200; part += 1) {
    bench.record(1000);
    await new Promise(setImmediate);
  }
  await bench.recorder.stop();
  const server = await ServerProcess.start(bench.root);
  const request = get(`${server.base}/sessions/${id}/export?format=csv`);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  await once(answer, 'readable');
  expect(await server.call(`/sessions/${id}`, { method: 'DELETE' })).toMatchObject({ status: 200 });
  for (const path of [
    `sessions/${id}`,
    `sessions/${id}/preview`,
    `record/snapshots?session_id=${id}`,
  ]) {
    const { status, body } = await server.call(`/${path}`);
    expect([status, body['code']]).toEqual([404, 'session_not_found']);
  }
  answer.on('error', () => undefined).resume();
  await new Promise((resolve) => answer.once('close', resolve));
  expect(answer.complete).toBe(false);
  expect(server.log.filter((line) => /disk|ENOENT|broke off/.test(line))).toEqual([]);
});
