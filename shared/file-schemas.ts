import { z } from 'zod';
import { annotation } from './annotations.ts';
import { settings } from './api/service.ts';
import { eventLine } from './events.ts';
import { metadataFile } from './metadata.ts';
import { chunkRow } from './row.ts';
import { chunk } from './session.ts';
import { sealedPart, vehicleRow } from './vehicle.ts';

interface Described {
  schema: z.ZodType;
  title: string;
}

/** Every file that the recorder writes as JSON, by the name of its schema in docs/schema. */
const FILES: Readonly<Record<string, Described>> = {
  metadata: { schema: metadataFile, title: 'metadata.json of a session' },
  chunk: { schema: chunkRow, title: 'A line of chunk_NNNNN.jsonl' },
  manifest: { schema: chunk, title: 'A line of manifest.jsonl' },
  events: { schema: eventLine, title: 'A line of events.jsonl' },
  annotations: { schema: annotation, title: 'A line of annotations.jsonl' },
  vehicle: { schema: vehicleRow, title: 'A line of vehicle.jsonl' },
  vehicle_manifest: { schema: sealedPart, title: 'A line of vehicle_manifest.jsonl' },
  settings: { schema: settings, title: 'settings.json of the service' },
};

/** Names of what docs/schema holds. */
export const SCHEMA_NAMES: readonly string[] = Object.keys(FILES);

/** JSON Schema (2020-12) of such files, as the text of a file of docs/schema; a name of {@link SCHEMA_NAMES}. */
export function fileSchema(name: string): string {
  const { schema, title } = FILES[name] as Described;
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
