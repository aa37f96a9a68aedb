import { join } from 'node:path';
import type { NoteOf } from '../../shared/events.ts';
import { copyAside, setAside } from '../files/set-aside.ts';
import { type ManifestText, manifestText, writeManifest } from '../format/manifest.ts';
import { MANIFEST_NAME } from '../format/names.ts';
import type { MendedChunks } from './mend-chunks.ts';

/** Writes it anew where it does not fit; lines that could not be read, or hold no longer, are kept aside. */
export async function mendManifest(
  folder: string,
  before: ManifestText,
  { chunks, unreadable, relisted }: MendedChunks,
  wasClosed: boolean,
): Promise<NoteOf<'manifest_rebuilt'>[]> {
  const after = manifestText([...chunks, ...unreadable].sort((a, b) => a.index - b.index));
  const kept = await keptAside(join(folder, MANIFEST_NAME), before, after);
  if (before.text !== after || before.isUnreadable) await writeManifest(folder, after);
  if (kept === null && !(wasClosed && relisted > 0)) return [];
  const why = reasonFor(before, relisted);
  const old = kept === null ? '' : `; the old one is ${kept}`;
  const detail = `The manifest was rebuilt from the chunks, since ${why}${old}.`;
  return [{ kind: 'manifest_rebuilt', detail, lines: before.badLines }];
}

/** Lines of it are lost; else it does not fit chunks that are. */
export function isDamaged({ isUnreadable, badLines, text }: ManifestText, relisted: number) {
  return isUnreadable || badLines > 0 || text === '' || relisted > 0;
}

async function keptAside(path: string, before: ManifestText, after: string) {
  if (before.isUnreadable) return setAside(path);
  const isCut = before.badLines > 0 || !after.startsWith(before.text);
  return isCut ? copyAside(path) : null;
}

function reasonFor({ text, badLines, isUnreadable }: ManifestText, relisted: number): string {
  if (isUnreadable) return 'the disk does not give it back';
  if (badLines > 0) return `${badLines} lines could not be read`;
  if (text === '') return 'it was missing or empty';
  return relisted > 0 ? `${relisted} chunks were not in it` : 'it did not fit the chunks';
}
