import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ANNOTATIONS_FILE } from '../../../shared/annotations.ts';
import { explanations } from '../../../shared/archive/explained.ts';
import { factsOf } from '../../../shared/archive/session-facts.ts';
import type { Chunk } from '../../../shared/session.ts';
import type { SealedPart } from '../../../shared/vehicle.ts';
import type { SessionOnDisk } from '../../catalogue/catalogue.ts';
import { isMissing } from '../../files/storage-error.ts';
import { readAnnotations } from '../../format/annotations.ts';
import { DAMAGE, type FileEntry, MANIFEST, type TextEntry, type ZipEntries } from './zip.ts';

/** Beside the chunks, in the archive as on disk. MANIFEST.sha256 says what the manifest would. */
const RECORDS = ['metadata.json', 'events.jsonl', ANNOTATIONS_FILE];

/** What goes into a session's archive: what explains it first. */
export async function archiveEntries(folder: string, session: SessionOnDisk): Promise<ZipEntries> {
  const { chunks, other_files, damage } = session;
  const others = [...other_files.map((file) => sealed(folder, file)), ...(await records(folder))];
  const own = damage.length > 0 ? [MANIFEST, DAMAGE] : [MANIFEST];
  const oneOf = chunks.last === null ? [] : [chunks.last.filename];
  const names = [...oneOf, ...others.map(({ name }) => name), ...own];
  const { history } = await readAnnotations(folder);
  const texts: TextEntry[] = [];
  for await (const [name, text] of explanations(factsOf(session, history), names, 'archive')) {
    texts.push({ name, text });
  }
  return {
    *[Symbol.iterator]() {
      yield texts;
      for (const some of chunks.blocks()) yield some.map((chunk) => sealed(folder, chunk));
      yield others;
    },
  };
}

function sealed(folder: string, file: Chunk | SealedPart): FileEntry {
  return {
    ...{ name: file.filename, path: join(folder, file.filename) },
    ...{ sha256: file.sha256, size: file.size_bytes },
    modified: new Date('created_at' in file ? file.created_at : file.sealed_at),
  };
}

async function records(folder: string): Promise<FileEntry[]> {
  const found = RECORDS.map(async (name) => {
    const path = join(folder, name);
    const known = await stat(path).catch(unlessMissing);
    return known ? [{ name, path, modified: known.mtime }] : [];
  });
  return (await Promise.all(found)).flat();
}

function unlessMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
