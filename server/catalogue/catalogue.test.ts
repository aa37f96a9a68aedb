import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { snapshots } from '../../shared/api/recording.ts';
import { sessionDetail } from '../../shared/api/sessions.ts';
import { Bench, filesLike, OPTIONS } from '../../test/support/recorder-bench.ts';
import type { Catalogue } from './catalogue.ts';

const PAGE = { offset: 0, limit: 10 };
const UNKNOWN = '11111111-1111-4111-8111-111111111111';

async function recorded(rows = 250): Promise<{ bench: Bench; catalogue: Catalogue; id: string }> {
  const bench = await Bench.make();
  const catalogue = bench.catalogue();
  const { session_id: id } = await bench.recorder.start(OPTIONS);
  bench.record(rows);
  return { bench, catalogue, id };
}

const parsed = async (catalogue: Catalogue, id: string, after?: number) =>
  snapshots.parse(JSON.parse(String(Buffer.concat((await catalogue.snapshots(id, after)).body))));

describe('snapshots', () => {
  test('list the finalized chunks only, of a running session and of a past one', async () => {
    const { bench, catalogue, id } = await recorded();
    await bench.untilSealed(2);
    expect(await parsed(catalogue, id)).toMatchObject({ session_id: id, total_chunks: 2 });
    await bench.recorder.stop();
    const past = await parsed(catalogue, id);
    expect(past.chunks.map(({ index, row_count }) => [index, row_count])).toEqual([
      ...[0, 1].map((index) => [index, 100]),
      [2, 50],
    ]);
    expect(past.total_size_bytes).toBe(past.chunks.reduce((sum, one) => sum + one.size_bytes, 0));
  });

  test('are complete after a stop, also when they were asked for while it went on', async () => {
    const { bench, catalogue, id } = await recorded();
    const stopping = bench.recorder.stop();
    let stopped = false;
    void stopping.then(() => {
      stopped = true;
    });
    while (!stopped) {
      await catalogue.snapshots(id);
      await turnOfTheLoop();
    }
    expect(await parsed(catalogue, id)).toMatchObject({ total_chunks: 3 });
  });

  test('say the same as the files', async () => {
    const { bench, catalogue, id } = await recorded();
    await bench.recorder.stop();
    for (const chunk of (await parsed(catalogue, id)).chunks) {
      const { path, sha256 } = await catalogue.sealedFile(id, chunk.filename);
      const bytes = await readFile(path);
      expect(bytes).toHaveLength(chunk.size_bytes);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      expect(chunk.sha256).toBe(sha256);
    }
  });

  test('change their ETag exactly when they change', async () => {
    const { bench, catalogue, id } = await recorded(50);
    const before = await catalogue.snapshots(id);
    bench.record(1);
    expect((await catalogue.snapshots(id)).etag).toBe(before.etag);
    await bench.recorder.stop();
    expect((await catalogue.snapshots(id)).etag).not.toBe(before.etag);
  });

  test('leave out what a client has, the totals stay those of the session', async () => {
    const { bench, catalogue, id } = await recorded();
    await bench.recorder.stop();
    const rest = await parsed(catalogue, id, 1);
    expect(rest.chunks.map(({ index }) => index)).toEqual([2]);
    expect(rest.total_chunks).toBe(3);
    expect((await parsed(catalogue, id, 2)).chunks).toEqual([]);
  });

  test('of an unknown session are refused', async () => {
    const { catalogue } = await recorded();
    await expect(catalogue.snapshots(UNKNOWN)).rejects.toMatchObject({ code: 'session_not_found' });
  });
});

describe('a chunk file', () => {
  test.each(['../metadata.json', '..', '.', '', 'a/b', 'a\\b', 'a\0b', '/etc/passwd', '....//x'])(
    'named %j is forbidden',
    async (name) => {
      const { catalogue, id } = await recorded();
      const forbidden = { code: 'forbidden_path' };
      await expect(catalogue.sealedFile(id, name)).rejects.toMatchObject(forbidden);
      await expect(catalogue.sealedFile(name, 'chunk_00000.jsonl')).rejects.toMatchObject(
        forbidden,
      );
    },
  );

  test.each([
    'metadata.json',
    'manifest.jsonl',
    'chunk_00002.jsonl.part',
    'chunk_00002.jsonl',
    'x',
  ])('named %j is none', async (name) => {
    const { bench, catalogue, id } = await recorded();
    await bench.untilSealed(2);
    const missing = { code: 'file_not_found' };
    await expect(catalogue.sealedFile(id, name)).rejects.toMatchObject(missing);
    await expect(catalogue.sealedFile(UNKNOWN, name)).rejects.toMatchObject(missing);
  });

  test('that is a link is forbidden, and so is one in a linked session', async () => {
    const { bench, catalogue, id } = await recorded();
    await bench.recorder.stop();
    const secret = join(bench.root, 'secret');
    await writeFile(secret, 'secret');
    const chunk = join(bench.folder(id), 'chunk_00000.jsonl');
    await rename(chunk, `${chunk}.old`);
    await symlink(secret, chunk);
    await symlink(bench.folder(id), bench.folder(UNKNOWN));
    for (const session of [id, UNKNOWN]) {
      await expect(catalogue.sealedFile(session, 'chunk_00000.jsonl')).rejects.toMatchObject({
        code: 'forbidden_path',
      });
    }
  });
});

describe('the list of sessions', () => {
  test('is newest first, in pages, with the running one as it is now', async () => {
    const { bench, catalogue, id: first } = await recorded(20);
    await bench.recorder.stop();
    bench.clock.pass(60);
    const metadata = { mission: 'Second' };
    const { session_id: second } = await bench.recorder.start({ ...OPTIONS, metadata });
    bench.record(5);
    const { sessions, total } = await catalogue.sessions(PAGE);
    expect(total).toBe(2);
    expect(sessions).toMatchObject([
      { session_id: second, state: 'recording', total_rows: 5, mission: 'Second' },
      { session_id: first, state: 'complete', total_rows: 20, chunk_count: 1, mission: null },
    ]);
    const page = await catalogue.sessions({ offset: 1, limit: 1 });
    expect(page.sessions.map(({ session_id }) => session_id)).toEqual([first]);
  });

  test('leaves out what is no session', async () => {
    const { bench, catalogue } = await recorded();
    await writeFile(join(bench.root, 'settings.json'), '{}');
    await mkdir(join(bench.root, 'exports'));
    expect((await catalogue.sessions(PAGE)).total).toBe(1);
  });
});

describe('one session', () => {
  test('has its metadata, chunks and events', async () => {
    const { bench, catalogue, id } = await recorded();
    await bench.recorder.stop();
    const { chunks, ...rest } = await catalogue.session(id);
    const detail = sessionDetail.parse({ ...rest, chunks: [...chunks] });
    expect(detail.summary).toMatchObject({ session_id: id, total_rows: 250 });
    expect(detail.chunks).toHaveLength(3);
    expect(detail.events.map(({ kind }) => kind)).toContain('recording_stopped');
  });

  test('is gone for good once it was removed', async () => {
    const { bench, catalogue, id } = await recorded();
    await bench.recorder.stop();
    await catalogue.snapshots(id);
    await catalogue.sessions(PAGE);
    await catalogue.remove(id);
    await expect(catalogue.snapshots(id)).rejects.toMatchObject({ code: 'session_not_found' });
    await expect(catalogue.session(id)).rejects.toMatchObject({ code: 'session_not_found' });
    await expect(catalogue.remove(id)).rejects.toMatchObject({ code: 'session_not_found' });
    expect(await catalogue.sessions(PAGE)).toMatchObject({ total: 0 });
    expect(await filesLike(bench.root, /./)).toEqual([]);
  });

  test('that was being deleted in a crash is gone after the next start', async () => {
    const { bench, catalogue, id } = await recorded();
    await bench.recorder.stop();
    await rename(bench.folder(id), join(bench.root, `.deleted-${id}`));
    expect(await catalogue.sessions(PAGE)).toMatchObject({ total: 0 });
    expect(await bench.recover()).toEqual([]);
    expect(await filesLike(bench.root, /./)).toEqual([]);
  });

  test('is not removed while it is recorded', async () => {
    const { catalogue, id } = await recorded();
    await expect(catalogue.remove(id)).rejects.toMatchObject({ code: 'session_active' });
  });

  test('is not removed while its last chunk is being sealed', async () => {
    const { bench, catalogue, id } = await recorded();
    const stopping = bench.recorder.stop();
    await expect(catalogue.remove(id)).rejects.toMatchObject({ code: 'session_active' });
    expect(await stopping).toMatchObject({ total_rows: 250 });
  });
});
