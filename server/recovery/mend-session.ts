import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, isoMicros } from '../../shared/clock.ts';
import type { NoteOf } from '../../shared/events.ts';
import { setAside } from '../files/set-aside.ts';
import { isMissing } from '../files/storage-error.ts';
import { damageOf, listed } from '../format/damage.ts';
import { addEvents, readEvents } from '../format/events.ts';
import {
  isOfThisVersion,
  MetadataFile,
  NOTHING_RECORDED,
  readMetadata,
  type SessionMetadata,
} from '../format/metadata.ts';
import { ROW_FORMATS } from '../format/row-format.ts';
import { type Mended, mend, totalsOf } from './mend.ts';
import { rebuiltMetadata } from './rebuild.ts';

export interface MendedSession {
  /** As it is written now. */
  metadata: SessionMetadata;
  mended: Mended;
}

/**
 * Mends all that lies in a session's folder, and tells of it in events.jsonl and metadata.json.
 * `doubted`: chunks whose bytes are to be compared, too. Rejects where the disk refuses.
 */
export async function mendSession(
  folder: string,
  id: string,
  clock: Clock,
  doubted: ReadonlySet<string> = new Set(),
): Promise<MendedSession> {
  const stored = await readMetadata(folder);
  const before = stored ?? { ...NOTHING_RECORDED, damage: damageOf(await readEvents(folder)) };
  const mended = await mend(folder, await formatOf(folder, stored), before, doubted);
  if (stored === null) addRebuilt(mended, await setMetadataAside(folder));
  const { wallMicros } = clock.now();
  await addEvents(folder, { wallMicros, elapsed: mended.lastRow?.elapsed ?? 0 }, mended.repairs);
  const data = stored ?? rebuiltMetadata(id, mended, isoMicros(wallMicros));
  const file = new MetadataFile(folder, withTotals(data, mended));
  await file.update({ needs_recovery: mended.vehicle.problem !== null });
  return { metadata: file.data, mended };
}

/** Written anew where there is something to tell. */
const NOT_ALWAYS_THERE = ['damage', 'other_files'];

function withTotals(data: SessionMetadata, mended: Mended): SessionMetadata {
  const isStale = (key: string) => isOfThisVersion(data) && NOT_ALWAYS_THERE.includes(key);
  const kept = Object.entries(data).filter(([key]) => !isStale(key));
  return { ...(Object.fromEntries(kept) as SessionMetadata), ...totalsOf(mended) };
}

function addRebuilt(mended: Mended, note: NoteOf<'metadata_rebuilt'>): void {
  mended.repairs.push(note);
  mended.damage = listed([...mended.damage, ...damageOf([note])]);
}

/** Where the metadata is lost, the names of the chunks tell. */
async function formatOf(folder: string, metadata: SessionMetadata | null) {
  if (metadata) return ROW_FORMATS[metadata.format];
  const names = await readdir(folder);
  return ROW_FORMATS[names.some((name) => /^chunk_\d+\.csv/.test(name)) ? 'csv' : 'jsonl'];
}

async function setMetadataAside(folder: string): Promise<NoteOf<'metadata_rebuilt'>> {
  const kept = await setAside(join(folder, 'metadata.json')).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  const old =
    kept === null
      ? 'metadata.json was missing'
      : `metadata.json could not be read (kept as ${kept})`;
  return { kind: 'metadata_rebuilt', detail: `${old}: it was rebuilt from the rows.` };
}
