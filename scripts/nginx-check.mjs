// The tests with BlueOS around the extension, behind the real nginx, as `npm run test:nginx`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const FILES = [
  ...['test/blueos/cockpit', 'test/blueos/environment', 'test/browser/prefix'],
  ...['test/browser/pilot', 'test/browser/connections'],
];
const PATH = [process.env.PATH, '/usr/sbin'].join(delimiter);

if (!PATH.split(delimiter).some((folder) => existsSync(join(folder, 'nginx')))) {
  console.error(
    'nginx is missing: apt-get install nginx-light (its system service is not needed).',
  );
  process.exit(1);
}
const { status } = spawnSync('npx', ['vitest', 'run', ...FILES], {
  stdio: 'inherit',
  env: { ...process.env, PATH, QSENSOR_REAL_NGINX: '1' },
});
process.exitCode = status ?? 1;
