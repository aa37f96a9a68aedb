// Writes docs/schema/ from the schemas that the service itself uses, as `npm run schemas`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileSchema, SCHEMA_NAMES } from '../dist/shared/file-schemas.js';

const FOLDER = 'docs/schema';

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);
for (const name of SCHEMA_NAMES) {
  writeFileSync(`${FOLDER}/${name}.schema.json`, fileSchema(name));
}
