import { appendFile, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ANNOTATIONS_FILE, annotationOf } from '../../shared/annotations.ts';
import { Bench, filesLike, OPTIONS } from '../../test/support/recorder-bench.ts';
import { Annotations } from './annotations.ts';

const SAID = { kind: 'note', author: 'Ana', reason: null } as const;

async function recorded() {
  const bench = await Bench.make();
  const { session_id: id } = await bench.recorder.start(OPTIONS);
  bench.record(150);
  await bench.untilSealed(1);
  const annotations = new Annotations(bench.root, bench.clock, bench.catalogue());
  const say = (text: string | null) =>
    annotations.add(id, { ...SAID, value: text === null ? null : { text } });
  return { bench, id, folder: join(bench.root, id), annotations, say };
}

const textOf = async (annotations: Annotations, id: string) =>
  annotationOf((await annotations.read(id)).history, 'note')?.value.text ?? null;

test('the newest of what was said stands, all of it is kept, and no recorded file changes', async () => {
  const { bench, id, folder, annotations, say } = await recorded();
  await bench.recorder.stop();
  const recordedFiles = async () => {
    const names = await filesLike(folder, /^(?!annotations)/);
    return Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]),
    );
  };
  const before = await recordedFiles();
  expect(await textOf(annotations, id)).toBeNull();
  for (const text of ['Kelp', 'Seagrass', null, 'Sand']) {
    await say(text);
    expect(await textOf(annotations, id)).toBe(text);
  }
  const { history, standing } = await annotations.read(id);
  expect(history.map(({ value }) => value)).toEqual([
    ...[{ text: 'Kelp' }, { text: 'Seagrass' }, null, { text: 'Sand' }],
  ]);
  expect(standing).toMatchObject([{ ...SAID, key: 'note', value: { text: 'Sand' } }]);
  expect(await recordedFiles()).toEqual(before);
});

test('what was said at once, while the session is recorded, is all there, in order', async () => {
  const { annotations, id, say } = await recorded();
  const texts = Array.from({ length: 20 }, (_, at) => `Note ${at}`);
  await Promise.all(texts.map(say));
  const { history } = await annotations.read(id);
  expect(history.map(({ value }) => value)).toEqual(texts.map((text) => ({ text })));
});

test('half a line of a power cut is counted, and spoils no other', async () => {
  const { annotations, id, folder, say } = await recorded();
  await say('Before');
  await appendFile(join(folder, ANNOTATIONS_FILE), '{"timestamp":"2025-1');
  expect(await textOf(annotations, id)).toBe('Before');
  await say('After');
  expect(await textOf(annotations, id)).toBe('After');
  expect((await annotations.read(id)).damagedLines).toBe(1);
});

test('a session that is not there, and a link, are refused', async () => {
  const { annotations, id, folder, bench, say } = await recorded();
  const unknown = '11111111-1111-4111-8111-111111111111';
  await expect(annotations.read(unknown)).rejects.toMatchObject({ code: 'session_not_found' });
  const outside = join(bench.root, 'outside.jsonl');
  await symlink(outside, join(folder, ANNOTATIONS_FILE));
  await expect(say('x')).rejects.toMatchObject({ code: 'forbidden_path' });
  await expect(annotations.read(id)).rejects.toMatchObject({ code: 'forbidden_path' });
  await expect(readFile(outside)).rejects.toThrow('ENOENT');
});
