import { fileSchemas } from '../file-schemas.ts';
import { FILE_KINDS } from './files.ts';
import { type Place, README, readme, SCHEMA_FOLDER } from './readme.ts';
import type { SessionFacts } from './session-facts.ts';

/** They are the same for every session, and take a while to make. */
let schemas: Map<string, string> | null = null;

/** The texts that explain a folder with these files, by name: README.txt, and the schemas. */
export function explanations(
  facts: SessionFacts,
  names: readonly string[],
  place: Place,
): Map<string, string> {
  schemas ??= fileSchemas();
  const texts = schemas;
  const wanted = FILE_KINDS.flatMap(({ schema, isIt }): [string, string][] => {
    const file = `${schema}.schema.json`;
    const text = schema !== null && names.some(isIt) ? texts.get(file) : undefined;
    return text === undefined ? [] : [[`${SCHEMA_FOLDER}/${file}`, text]];
  });
  return new Map([[README, readme(facts, names, place)], ...wanted]);
}
