// Completes dist/: build.json (what /version and /register_service tell) and the parts of /docs.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

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
writeFileSync('dist/build.json', JSON.stringify({ version, git: commit(), registerService }));

mkdirSync('dist/docs', { recursive: true });
for (const part of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
  copyFileSync(`node_modules/swagger-ui-dist/${part}`, `dist/docs/${part}`);
}
