import { join } from 'node:path';
import { syncFolder, writeDurably } from '../../server/files/durable-file.ts';
import { readIfThere } from '../../server/files/read-text.ts';
import { ANNOTATIONS_FILE, type Annotation } from '../../shared/annotations.ts';
import type { SessionDetail } from '../../shared/api/sessions.ts';
import type { Chunk } from '../../shared/session.ts';
import { EVENTS, MANIFEST, METADATA } from '../layout.ts';

/** Metadata last: it is what says that a session has ended. */
export async function writeSession(
  folder: string,
  detail: Pick<SessionDetail, 'events' | 'metadata'>,
  manifest: readonly Chunk[],
) {
  await syncFolder(folder);
  await writeChanged(folder, MANIFEST, jsonLines(manifest));
  await writeChanged(folder, EVENTS, jsonLines(detail.events));
  await writeChanged(folder, METADATA, metadataText(detail));
}

/** What was said is never unsaid: where nothing comes, what is here stays. */
export async function writeAnnotations(
  folder: string,
  history: readonly Annotation[],
): Promise<void> {
  if (history.length > 0) await writeChanged(folder, ANNOTATIONS_FILE, jsonLines(history));
}

export function metadataText(detail: Pick<SessionDetail, 'metadata'>): string {
  return `${JSON.stringify(detail.metadata, null, 2)}\n`;
}

function jsonLines(items: readonly object[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('');
}

/** No file for no lines: the vehicle has none either. */
export async function writeChanged(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  const present = await readIfThere(path);
  if (text === (present ?? '')) return;
  await writeDurably(path, text);
}
