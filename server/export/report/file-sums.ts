import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANNOTATIONS_FILE } from '../../../shared/annotations.ts';
import type { Report } from '../../../shared/api/report.ts';
import type { SessionOnDisk } from '../../catalogue/catalogue.ts';
import { isMissing } from '../../files/storage-error.ts';

/** They may still change, so nobody has written down their sums. */
const OPEN_FILES = ['metadata.json', 'events.jsonl', ANNOTATIONS_FILE];

/** Every file of a session with its SHA-256; of what is sealed the one that was taken then. */
export async function fileSums(
  folder: string,
  { chunks, other_files }: Pick<SessionOnDisk, 'chunks' | 'other_files'>,
): Promise<Report['files']> {
  const sealed = [...chunks, ...other_files].map(({ filename, size_bytes, sha256 }) => ({
    ...{ filename, size_bytes, sha256 },
  }));
  const open = await Promise.all(OPEN_FILES.map((name) => sumOf(folder, name)));
  return [...sealed, ...open.filter((one) => one !== null)];
}

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
