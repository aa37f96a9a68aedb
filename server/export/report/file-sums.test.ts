import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chunkOf } from '../../../test/support/dive-files.ts';
import { temporaryFolder } from '../../../test/support/recorder-bench.ts';
import { Chunks } from '../../format/chunks.ts';
import { fileSums } from './file-sums.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function sums(count: number) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'metadata.json'), '{}');
  const all = Array.from({ length: count }, (_, index) =>
    chunkOf(index, `chunk_${String(index).padStart(5, '0')}.jsonl`, `${index}`, 1),
  );
  const lines = [...all, { filename: 'metadata.json', sha256: sha256('{}') }].map(
    (file) => `${file.sha256}  ${file.filename}\n`,
  );
  const found = await fileSums(folder, { chunks: Chunks.of(all), other_files: [] });
  expect(found.file_list).toEqual({ count: count + 1, sha256: sha256(lines.join('')) });
  return found.files.map(({ filename }) => filename);
}

test('the files are listed one by one, and their list has a sum of its own', async () => {
  expect(await sums(2)).toEqual(['chunk_00000.jsonl', 'chunk_00001.jsonl', 'metadata.json']);
  expect(await sums(500)).toHaveLength(501);
});

test('of very many chunks the sum of the list stands for all', async () => {
  expect(await sums(501)).toEqual(['metadata.json']);
});
