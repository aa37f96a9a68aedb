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

/** JSON Schema (2020-12) of each, as the text of a file of docs/schema. */
export function fileSchemas(): Map<string, string> {
  const texts = Object.entries(FILES).map(([name, { schema, title }]): [string, string] => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
    return [`${name}.schema.json`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
  });
  return new Map(texts);
}
