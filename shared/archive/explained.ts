import { fileSchema } from '../file-schemas.ts';
import { FILE_KINDS } from './files.ts';
import { type Place, README, readme, SCHEMA_FOLDER } from './readme.ts';
import type { SessionFacts } from './session-facts.ts';

/** The same for every session; each takes its time to make. */
const schemas = new Map<string, string>();

/**
 * The texts that explain a folder with these files, by name: README.txt, and the schemas. Between two
 * of them others have their turn.
 */
export async function* explanations(
  facts: SessionFacts,
  names: readonly string[],
  place: Place,
): AsyncGenerator<[name: string, text: string]> {
  yield [README, readme(facts, names, place)];
  for (const { schema, isIt } of FILE_KINDS) {
    if (schema === null || !names.some(isIt)) continue;
    await new Promise((turn) => setTimeout(turn));
    const text = schemas.get(schema) ?? fileSchema(schema);
    schemas.set(schema, text);
    yield [`${SCHEMA_FOLDER}/${schema}.schema.json`, text];
  }
}
