// The page with live reload against a simulated sensor; the server starts again when its source
// changes. What lies in dev-data/ stays: a restart goes on with the recording, as on the vehicle.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createServer } from 'vite';

const SERVICE_PORT = process.env.API_PORT ?? '9151';
const service = `http://127.0.0.1:${SERVICE_PORT}`;
const env = {
  SERIAL_PORT: 'sim:dive=1,rate=125,averaging=8,units=umol/(m2 s)',
  MAVLINK2REST_URL: 'sim:',
  CHUNK_RECORDING_PATH: resolve('dev-data'),
  API_PORT: SERVICE_PORT,
  API_HOST: '127.0.0.1',
  ...process.env,
};

const COMPILER = [
  'node_modules/typescript-7/bin/tsc',
  '-p',
  'server/tsconfig.json',
  '--noCheck',
  '--watch',
  '--preserveWatchOutput',
];
const children = [];

function begin(args) {
  children.push(spawn(process.execPath, args, { env, stdio: 'inherit' }));
}

function end(code) {
  for (const child of children) child.kill('SIGTERM');
  process.exit(code);
}

/** Files of the page are vite's; all else is asked of the service. */
function isOfPage(url) {
  const path = url.split('?')[0];
  if (/^\/(@|node_modules\/|$)/.test(path)) return true;
  return ['web', 'web/public'].some((folder) => existsSync(join(folder, path)));
}

const page = await createServer({
  server: {
    port: 5173,
    // The browser's connection for live reload is vite's own: only the service's is passed on.
    proxy: {
      '^/((sensor/)?stream|cockpit/data-lake)': { target: service, ws: true },
      '^/': { target: service, bypass: ({ url = '/' }) => (isOfPage(url) ? url : undefined) },
    },
  },
});

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(0));
// All of dist/ once; from then on the compiler renews what changes of the server.
const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);
begin(COMPILER);
begin(['--watch', 'dist/server/main.js']);
await page.listen();
page.printUrls();
console.log(`The service itself: ${service}   (Ctrl-C ends it)`);
