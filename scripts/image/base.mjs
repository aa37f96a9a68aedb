import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { BASE, buildah, FOLDER, run } from './tools.mjs';

const ROOT = join(FOLDER, 'rootfs');
const PACKAGES = join(FOLDER, 'packages');

/**
 * What the official image is, made from parts that need no registry of images: Debian's smallest
 * system, and Node.js and npm from their npm packages. Made once.
 */
export function makeBase() {
  if (JSON.parse(buildah('images', '--json')).some(({ names }) => names?.includes(BASE))) return;
  rmSync(ROOT, { recursive: true, force: true });
  mkdirSync(PACKAGES, { recursive: true });
  run('debootstrap', ['--variant=minbase', 'bookworm', ROOT]);
  addNode();
  const container = buildah('from', 'scratch').trim();
  buildah('copy', container, ROOT, '/');
  buildah(
    'config',
    '--env',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    container,
  );
  buildah('commit', '--rm', container, BASE);
  rmSync(ROOT, { recursive: true });
}

function addNode() {
  const node = `node-linux-${process.arch}`;
  run('npm', [
    'install',
    '--prefix',
    PACKAGES,
    '--no-save',
    '--ignore-scripts',
    `${node}@22`,
    'npm@10',
  ]);
  const from = join(PACKAGES, 'node_modules');
  cpSync(join(from, node, 'bin/node'), join(ROOT, 'usr/local/bin/node'));
  cpSync(join(from, 'npm'), join(ROOT, 'usr/local/lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    const target = `../lib/node_modules/npm/bin/${name}-cli.js`;
    const link = join(ROOT, 'usr/local/bin', name);
    if (!existsSync(link)) symlinkSync(target, link);
  }
}
