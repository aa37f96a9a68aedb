import { join } from 'node:path';
import type { NoteOf } from '../../shared/events.ts';
import { sessionEvent } from '../../shared/session.ts';
import { scanChunk } from './chunk-scan.ts';
import { parseJson } from './metadata.ts';
import type { RowReader } from './row-format.ts';
import { EVENTS_NAME } from './session.ts';
import { cutOut, exists } from './set-aside.ts';

const EVENT_LINES: RowReader = {
  header: '',
  read(line) {
    const { success, data } = sessionEvent.safeParse(parseJson(line));
    if (!success) return null;
    return { timestamp: data.timestamp, sensorId: '', seq: null, elapsed: data.elapsed_s };
  },
};

/** Whole lines stay; what a kill cut, and the zeros that a power cut may leave, go into a `.torn`. */
export async function mendEvents(folder: string): Promise<NoteOf<'events_mended'>[]> {
  const path = join(folder, EVENTS_NAME);
  if (!(await exists(path))) return [];
  const { good, bad } = await scanChunk(path, EVENT_LINES);
  if (bad.length === 0) return [];
  const kept = await cutOut(path, good, bad);
  const torn_bytes = bad.reduce((sum, { start, end }) => sum + end - start, 0);
  const detail = `${torn_bytes} bytes of events.jsonl were no whole events: they are in ${kept}.`;
  return [{ kind: 'events_mended', detail, torn_bytes }];
}
