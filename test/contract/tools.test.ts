import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../server/http/openapi.ts';
import { api } from '../../shared/api/index.ts';
import { temporaryFolder } from '../support/server.ts';

interface Published {
  paths: Record<string, Record<string, { security: unknown; responses: Record<string, unknown> }>>;
  components: { securitySchemes: unknown };
}

const document = openApiDocument(api, '1.2.3') as unknown as Published;
const run = promisify(execFile);
const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

async function onDisk(): Promise<string> {
  const path = join(await temporaryFolder(), 'openapi.json');
  await writeFile(path, JSON.stringify(document));
  return path;
}

test('every call that may ask for the token says so, and no other', () => {
  expect(document.components.securitySchemes).toMatchObject({
    apiToken: { type: 'http', scheme: 'bearer' },
  });
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { security, responses }] of Object.entries(methods)) {
      const takesToken = '401' in responses;
      expect([path, takesToken]).toEqual([path, method !== 'get']);
      expect([path, method, security]).toEqual([
        path,
        method,
        takesToken ? [{ apiToken: [] }, {}] : [],
      ]);
    }
  }
});

test('Redocly finds nothing to say about the document', async () => {
  const args = ['redocly', 'lint', await onDisk(), '--format=json'];
  const { stdout } = await run('npx', args, { env: { ...process.env, ...QUIET } });
  expect(JSON.parse(stdout).problems).toEqual([]);
});

test('openapi-typescript makes types of it', async () => {
  const path = await onDisk();
  await run('npx', ['openapi-typescript', path, '-o', `${path}.ts`]);
  const types = await readFile(`${path}.ts`, 'utf8');
  for (const name of Object.keys(api)) expect(types).toContain(`operations["${name}"]`);
});
