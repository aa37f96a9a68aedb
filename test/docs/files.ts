import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export const SCHEMAS = 'docs/schema';

/** Which schema a file of a session has to follow, and whether it is one object a line. */
const RULES: readonly [name: RegExp, schema: string, lines: boolean][] = [
  [/^metadata\.json$/, 'metadata', false],
  [/^chunk_\d{5}\.jsonl$/, 'chunk', true],
  [/^(manifest|events|annotations|vehicle|vehicle_manifest)\.jsonl$/, '', true],
];

/** What of a session's files is not as docs/schema says; also files that it does not know. */
export async function faultsOf(folder: string): Promise<string[]> {
  const faults: string[] = [];
  for (const name of await readdir(folder)) {
    if (/\.torn(\.\d+)?$/.test(name)) continue;
    faults.push(...(await faultsOfFile(folder, name)));
  }
  return faults;
}

async function faultsOfFile(folder: string, name: string): Promise<string[]> {
  const rule = RULES.find(([pattern]) => pattern.test(name));
  if (rule === undefined) return [`${name}: no schema is about it`];
  const [, schema, lines] = rule;
  const validate = await validator(schema || name.replace('.jsonl', ''));
  const text = await readFile(join(folder, name), 'utf8');
  const parts = lines ? text.split('\n').slice(0, -1) : [text];
  return parts.flatMap((part, index) => faultOf(validate, part, `${name} ${index + 1}`));
}

export async function validator(schema: string): Promise<ValidateFunction> {
  const ajv = new Ajv2020({ allowUnionTypes: true, strictTypes: false });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(await readFile(join(SCHEMAS, `${schema}.schema.json`), 'utf8')));
}

function faultOf(validate: ValidateFunction, text: string, where: string): string[] {
  if (validate(JSON.parse(text))) return [];
  const why = validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`);
  return [`${where}: ${why?.join(', ')}: ${text.slice(0, 300)}`];
}
