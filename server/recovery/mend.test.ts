import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Bench, OPTIONS } from '../../test/support/recorder-bench.ts';
import { recover } from './recovery.ts';

const LAST = 'chunk_00001.jsonl';

/** A session of two sealed chunks that was being recorded when the process ended. */
async function interrupted() {
  const bench = await Bench.make();
  const { session_id: id } = await bench.recorder.start(OPTIONS);
  bench.record(150);
  await bench.recorder.suspend();
  const folder = bench.folder(id);
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  return { id, root: bench.root, folder, read, recover: () => recover(bench.root, bench.clock) };
}

test.each(['emptied', 'removed'])(
  'numbers of a chunk that was %s are not given away again, after any number of restarts',
  async (what) => {
    const { folder, recover } = await interrupted();
    if (what === 'emptied') await truncate(join(folder, LAST), 0);
    else await rm(join(folder, LAST));
    for (const _ of [1, 2, 3]) {
      const { resumable } = await recover();
      expect(resumable).toMatchObject({ nextIndex: 2, nextSeq: 150 });
    }
  },
);

test('an unfinished chunk does not replace a finalized one of its name', async () => {
  const { folder, read, recover } = await interrupted();
  const sealed = await read(LAST);
  const part = sealed.slice(0, sealed.indexOf('\n') + 1);
  await writeFile(join(folder, `${LAST}.part`), part);
  const { report } = await recover();
  expect(await read(LAST)).toBe(sealed);
  expect(await read(`${LAST}.part.torn`)).toBe(part);
  expect(report).toMatchObject([{ kind: 'chunk_recovered', rows: 1 }]);
  expect((await recover()).report).toEqual([]);
});

test('a manifest without its last line end gets it back', async () => {
  const { folder, read, recover } = await interrupted();
  const manifest = await read('manifest.jsonl');
  await writeFile(join(folder, 'manifest.jsonl'), manifest.trimEnd());
  await recover();
  expect(await read('manifest.jsonl')).toBe(manifest);
});

test('a manifest that does not fit the chunks is kept aside', async () => {
  const { folder, read, recover } = await interrupted();
  const manifest = await read('manifest.jsonl');
  await truncate(join(folder, LAST), 500);
  expect((await recover()).report.map(({ kind }) => kind)).toEqual([
    ...['chunk_damaged', 'manifest_rebuilt'],
  ]);
  expect(await read('manifest.jsonl.torn')).toBe(manifest);
});

test('a session that the disk does not let mend keeps no other one from going on', async () => {
  const { id, root, recover } = await interrupted();
  const other = 'ffffffff-ffff-4fff-8fff-ffffffffffff';
  await mkdir(join(root, other, 'metadata.json.tmp'), { recursive: true });
  const { report, resumable } = await recover();
  expect(report).toMatchObject([{ kind: 'recovery_failed', session_id: other }]);
  expect(resumable?.metadata.session_id).toBe(id);
});
