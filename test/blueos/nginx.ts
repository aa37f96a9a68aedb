import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type Behind, type BlueOsVersion, blueOsPage } from '../browser/proxy.ts';
import { freePort } from '../support/free-port.ts';

const RULES = 'test/blueos/nginx.conf';

/** In what the versions of BlueOS differ: before 1.5.0-beta.40 nginx speaks its default, HTTP/1.0. */
const VERSIONS: Record<BlueOsVersion, { CORS: string; PROTOCOL: string }> = {
  '1.4': { CORS: 'add_header Access-Control-Allow-Origin *;', PROTOCOL: '' },
  '1.5': {
    CORS: `proxy_hide_header Access-Control-Allow-Origin;
           add_header Access-Control-Allow-Origin * always;`,
    PROTOCOL: `proxy_http_version 1.1;
           proxy_set_header Upgrade $http_upgrade;
           proxy_set_header Connection "Upgrade";`,
  },
};

/** The real nginx with BlueOS's rules, in front of the services; it ends with the test. */
export async function startNginx(
  { extension, mavlink2rest }: Behind,
  version: BlueOsVersion,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  const values = {
    PORT: `${port}`,
    EXTENSION: extension,
    MAVLINK2REST: mavlink2rest,
    PAGE: blueOsPage(),
    ...VERSIONS[version],
  };
  const rules = (await readFile(RULES, 'utf8')).replaceAll(
    /@(\w+)@/g,
    (_, name: keyof typeof values) => values[name],
  );
  await writeFile(join(folder, 'nginx.conf'), rules);
  const args = ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log', '-g', 'daemon off;'];
  const nginx = spawn('nginx', args, { stdio: 'inherit' });
  onTestFinished(async () => {
    nginx.kill();
    if (nginx.exitCode === null) await once(nginx, 'exit');
    await rm(folder, { recursive: true });
  });
  await expect.poll(() => listens(port)).toBe(true);
  return `http://127.0.0.1:${port}/`;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
