// Completes dist/: build.json (what /version, /register_service and /openapi.json tell) and the parts of /docs.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from '../dist/server/http/openapi.js';
import { api } from '../dist/shared/api/index.js';

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The image is built without the repository: there GIT_COMMIT says it. */
function commit() {
  if (process.env.GIT_COMMIT) return process.env.GIT_COMMIT;
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

const { version } = read('package.json');
const registerService = { ...read('register_service'), version };
const openApi = JSON.stringify(openApiDocument(api, version));
writeFileSync(
  'dist/build.json',
  JSON.stringify({ version, git: commit(), registerService, openApi }),
);

mkdirSync('dist/docs', { recursive: true });
for (const part of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
  copyFileSync(`node_modules/swagger-ui-dist/${part}`, `dist/docs/${part}`);
}
