// The page in Firefox ESR and in WebKitGTK, Safari's engine, as `npm run test:engines`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs, and the packages of Debian that have them. */
const NEEDED = {
  'firefox-esr': 'firefox-esr',
  WebKitWebDriver: 'webkit2gtk-driver',
  'xvfb-run': 'xvfb xauth',
};

const isThere = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
const missing = Object.keys(NEEDED).filter((program) => !isThere(program));
if (missing.length > 0) {
  const packages = missing.map((program) => NEEDED[program]).join(' ');
  console.error(`${missing.join(', ')} missing: apt-get install ${packages}.`);
  process.exit(1);
}
const args = ['vitest', 'run', '--config', 'test/engines/engines.config.ts'];
const { status } = spawnSync('npx', args, { stdio: 'inherit' });
process.exitCode = status ?? 1;
