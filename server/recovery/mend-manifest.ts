import { join } from 'node:path';
import type { NoteOf } from '../../shared/events.ts';
import { mendLedger } from '../format/ledger.ts';
import type { Manifest } from '../format/manifest.ts';
import { MANIFEST_NAME } from '../format/names.ts';
import type { MendedChunks } from './mend-chunks.ts';

/** Writes it anew where it does not fit; lines that could not be read, or hold no longer, are kept aside. */
export async function mendManifest(
  folder: string,
  before: Manifest,
  { chunks, unreadable, relisted }: MendedChunks,
  wasClosed: boolean,
): Promise<NoteOf<'manifest_rebuilt'>[]> {
  const isAll = unreadable.length === 0;
  const after = isAll ? chunks : [...chunks, ...unreadable].sort((a, b) => a.index - b.index);
  const kept = await mendLedger(join(folder, MANIFEST_NAME), before, after);
  if (kept === null && !(wasClosed && relisted > 0)) return [];
  const why = reasonFor(before, relisted);
  const old = kept === null ? '' : `; the old one is ${kept}`;
  const detail = `The manifest was rebuilt from the chunks, since ${why}${old}.`;
  return [{ kind: 'manifest_rebuilt', detail, lines: before.badLines }];
}

/** Lines of it are lost; else it does not fit chunks that are. */
export function isDamaged({ isUnreadable, badLines, size }: Manifest, relisted: number) {
  return isUnreadable || badLines > 0 || size === 0 || relisted > 0;
}

function reasonFor({ size, badLines, isUnreadable }: Manifest, relisted: number): string {
  if (isUnreadable) return 'the disk does not give it back';
  if (badLines > 0) return `${badLines} lines could not be read`;
  if (size === 0) return 'it was missing or empty';
  return relisted > 0 ? `${relisted} chunks were not in it` : 'it did not fit the chunks';
}
