import { join } from 'node:path';
import type { NoteOf } from '../../shared/events.ts';
import { parseJson } from '../../shared/json.ts';
import { sessionEvent } from '../../shared/session.ts';
import { cutOut, exists } from '../files/set-aside.ts';
import { scanReadable } from '../format/chunk-scan.ts';
import { EVENTS_NAME } from '../format/names.ts';
import type { RowReader } from '../format/row-format.ts';

const EVENT_LINES: RowReader = {
  header: '',
  read(line) {
    const { success, data } = sessionEvent.safeParse(parseJson(line));
    if (!success) return null;
    return { timestamp: data.timestamp, sensorId: '', seq: null, elapsed: data.elapsed_s };
  },
};

type Mended = NoteOf<'events_mended'> | NoteOf<'events_missing'>;

/** Whole lines stay; what a kill cut, and the zeros that a power cut may leave, go into a `.torn`. */
export async function mendEvents(folder: string, wasClosed: boolean): Promise<Mended[]> {
  const path = join(folder, EVENTS_NAME);
  if (!(await exists(path))) return wasClosed ? [MISSING] : [];
  const scan = await scanReadable(path, EVENT_LINES);
  if (scan.bad.length === 0) return scan.rows === 0 && wasClosed ? [MISSING] : [];
  const kept = await cutOut(path, scan);
  const torn_bytes = scan.bad.reduce((sum, { start, end }) => sum + end - start, 0);
  const detail = `${torn_bytes} bytes of events.jsonl were no whole events: they are in ${kept}.`;
  return [{ kind: 'events_mended', detail, torn_bytes }];
}

/** A session that has ended has at least one. */
const MISSING: Mended = {
  kind: 'events_missing',
  detail: 'events.jsonl was missing or empty: what made holes before is not known any more.',
};
