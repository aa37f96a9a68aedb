import { z } from 'zod';
import { ANNOTATIONS_FILE, annotation } from '../annotations.ts';
import { metadataFile } from '../metadata.ts';
import { readingRow } from '../row.ts';
import { CHUNK_NAME, chunk, sessionEvent } from '../session.ts';
import { sealedPart, VEHICLE_FILE, VEHICLE_MANIFEST, vehicleRow } from '../vehicle.ts';

/** A kind of file that a session's folder or archive can hold. */
export interface FileKind {
  /** As it is spoken of. */
  name: string;
  isIt(name: string): boolean;
  tells: string;
  /** Of one object of it; null: its schema, or something else, tells. */
  fields: z.ZodObject | null;
  /** What docs/schema calls its schema. */
  schema: string | null;
}

const called = (name: string) => ({ name, isIt: (other: string) => other === name });

/** In the order in which a reader needs them. */
export const FILE_KINDS: readonly FileKind[] = [
  {
    ...{ name: 'chunk_NNNNN.jsonl', schema: 'chunk', fields: readingRow },
    isIt: (name) => CHUNK_NAME.test(name) && name.endsWith('.jsonl'),
    tells: 'The readings, one JSON object a line, in the order in which they came',
  },
  {
    ...{ name: 'chunk_NNNNN.csv', schema: null },
    isIt: (name) => CHUNK_NAME.test(name) && name.endsWith('.csv'),
    tells: 'The readings as a table, in the order in which they came',
    fields: readingRow.omit({ seq: true, elapsed_s: true }),
  },
  {
    ...{ ...called('metadata.json'), schema: 'metadata', fields: z.object(metadataFile.shape) },
    tells:
      'Who, when and how: one JSON object. Keys that are not below are those of whoever began it',
  },
  {
    ...{ ...called('events.jsonl'), schema: 'events', fields: sessionEvent },
    tells:
      'What made a gap, or explains one; markers; settings of the clock. One JSON object a line',
  },
  {
    ...{ ...called(VEHICLE_FILE), schema: 'vehicle', fields: vehicleRow },
    tells: 'What the vehicle said of depth, position and attitude. One JSON object a line',
  },
  {
    ...{ ...called(ANNOTATIONS_FILE), schema: 'annotations', fields: annotation },
    tells: 'What people said of it afterwards, with its history. One JSON object a line',
  },
  {
    ...{ ...called('manifest.jsonl'), schema: 'manifest', fields: chunk },
    tells:
      'Size, rows, times and SHA-256 of every chunk. One JSON object a line; of two lines for a chunk the later one counts',
  },
  {
    ...{ ...called(VEHICLE_MANIFEST), schema: 'vehicle_manifest', fields: sealedPart },
    tells: 'How much of vehicle.jsonl is final, with its SHA-256. The last line counts',
  },
  {
    ...{ ...called('session.csv'), schema: null, fields: null },
    tells: 'All chunks as one table, made of them; columns as the fields of a chunk',
  },
  {
    ...{ ...called('session.parquet'), schema: null, fields: null },
    tells: 'All chunks as one Parquet file, made of them; columns as the fields of a chunk',
  },
  {
    ...{ ...called('report.html'), schema: null, fields: null },
    tells: 'The dive on two pages to print, as the vehicle made it. Needs nothing else',
  },
  {
    ...{ name: '*.sb', schema: null, fields: null },
    isIt: (name) => name.endsWith('.sb'),
    tells: 'A cast for SeaBASS: PAR in depth bins, with its header',
  },
  {
    ...{ ...called('CHECK.txt'), schema: null, fields: null },
    tells: 'What of the casts breaks the rules of SeaBASS, in words',
  },
  {
    ...{ ...called('MANIFEST.sha256'), schema: null, fields: null },
    tells: 'SHA-256 of every file that is here, as sha256sum writes it',
  },
  {
    ...{ ...called('DAMAGE.txt'), schema: null, fields: null },
    tells: 'What of the session is not as it was recorded, in words',
  },
];

/** Name and meaning of each field of an object, as its schema says. */
export function fieldsOf({ shape }: z.ZodObject): [name: string, text: string][] {
  return Object.entries(shape).map(([name, field]) => [name, meaningOf(field)]);
}

function meaningOf(field: z.core.$ZodType): string {
  const own = z.globalRegistry.get(field)?.description;
  if (own !== undefined) return own;
  const isOptional = field instanceof z.ZodOptional || field instanceof z.ZodExactOptional;
  return isOptional ? meaningOf(field.unwrap()) : '';
}
