import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANNOTATIONS_FILE } from '../../../shared/annotations.ts';
import type { Report } from '../../../shared/api/report.ts';
import type { SessionOnDisk } from '../../catalogue/catalogue.ts';
import { inTurns } from '../../files/in-turns.ts';
import { isMissing } from '../../files/storage-error.ts';

/** They may still change, so nobody has written down their sums. */
const OPEN_FILES = ['metadata.json', 'events.jsonl', ANNOTATIONS_FILE];

/** Chunks that are listed one by one; of a day in chunks of 1 s there are 86 400. */
const MOST_CHUNKS = 500;

/**
 * The files of a session with their SHA-256, of what is sealed the one that was taken then, and the
 * SHA-256 of the list of all.
 */
export async function fileSums(
  folder: string,
  { chunks, other_files }: Pick<SessionOnDisk, 'chunks' | 'other_files'>,
): Promise<Pick<Report, 'files' | 'file_list'>> {
  const open = await Promise.all(OPEN_FILES.map((name) => sumOf(folder, name)));
  const others = [...other_files.map(inShort), ...open.filter((one) => one !== null)];
  const hash = createHash('sha256');
  const listed: Report['files'] = [];
  for await (const some of inTurns(chunks.blocks())) {
    hash.update(lines(some));
    if (chunks.length <= MOST_CHUNKS) listed.push(...some.map(inShort));
  }
  const sha256 = hash.update(lines(others)).digest('hex');
  return {
    files: [...listed, ...others],
    file_list: { count: chunks.length + others.length, sha256 },
  };
}

const inShort = ({ filename, size_bytes, sha256 }: Report['files'][number]) => ({
  ...{ filename, size_bytes, sha256 },
});

/** As sha256sum writes them. */
const lines = (files: readonly Pick<Report['files'][number], 'filename' | 'sha256'>[]) =>
  files.map(({ filename, sha256 }) => `${sha256}  ${filename}\n`).join('');

async function sumOf(folder: string, filename: string) {
  try {
    const bytes = await readFile(join(folder, filename));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { filename, size_bytes: bytes.length, sha256 };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
