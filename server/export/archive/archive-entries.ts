import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ANNOTATIONS_FILE } from '../../../shared/annotations.ts';
import { explanations } from '../../../shared/archive/explained.ts';
import { factsOf } from '../../../shared/archive/session-facts.ts';
import type { SessionOnDisk } from '../../catalogue/catalogue.ts';
import { readAnnotations } from '../../format/annotations.ts';
import { DAMAGE, type FileEntry, MANIFEST, type ZipEntry } from './zip.ts';

/** Beside the chunks, in the archive as on disk. MANIFEST.sha256 says what the manifest would. */
const RECORDS = ['metadata.json', 'events.jsonl', ANNOTATIONS_FILE];

/** What goes into a session's archive: what explains it first. */
export async function archiveEntries(folder: string, session: SessionOnDisk): Promise<ZipEntry[]> {
  const files = [...sealedFiles(folder, session), ...(await records(folder))];
  const own = session.damage.length > 0 ? [MANIFEST, DAMAGE] : [MANIFEST];
  const names = [...files.map(({ name }) => name), ...own];
  const { history } = await readAnnotations(folder);
  const texts = [...explanations(factsOf(session, history), names, 'archive')];
  return [...texts.map(([name, text]) => ({ name, text })), ...files];
}

function sealedFiles(folder: string, { chunks, other_files }: SessionOnDisk): FileEntry[] {
  return [...chunks, ...other_files].map((file) => ({
    ...{ name: file.filename, path: join(folder, file.filename) },
    ...{ sha256: file.sha256, size: file.size_bytes },
    modified: new Date('created_at' in file ? file.created_at : file.sealed_at),
  }));
}

async function records(folder: string): Promise<FileEntry[]> {
  const present = await readdir(folder);
  const names = RECORDS.filter((name) => present.includes(name));
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { name, path, modified: (await stat(path)).mtime };
    }),
  );
}
