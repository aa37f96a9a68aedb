import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Kept between runs: the base image takes some minutes to make. */
export const FOLDER = process.env.QSENSOR_IMAGE_FOLDER ?? join(tmpdir(), 'qsensor-image');

/** The image that the Dockerfile begins with, and the one that it makes. */
export const BASE = 'docker.io/library/node:22-bookworm-slim';
export const IMAGE = 'localhost/qsensor-recorder:check';

const STORAGE = ['--root', join(FOLDER, 'storage'), '--runroot', join(FOLDER, 'run')];

/** Ends the check with one line that says what to install. */
export function needTools(...names) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  const missing = names.filter((name) => !folders.some((path) => existsSync(join(path, name))));
  if (missing.length > 0)
    stop(`${missing.join(' and ')} missing: apt-get install ${missing.join(' ')}.`);
  if (process.getuid?.() !== 0) stop('This check makes a root file system: run it as root.');
}

export function stop(line) {
  console.error(line);
  process.exit(1);
}

/** Gives what the command said; its progress is shown. */
export function run(command, args, options = {}) {
  const { status, error, stdout } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
    encoding: 'utf8',
    ...options,
  });
  if (status !== 0) throw error ?? new Error(`${command} ${args[0]} ended with ${status}`);
  return stdout;
}

/** Needs no daemon: `vfs` and `chroot` work where overlays and namespaces do not. */
export function buildahArgs(args) {
  return [...STORAGE, '--storage-driver', 'vfs', ...args];
}

export const buildah = (...args) => run('buildah', buildahArgs(args));

/** Lets npm inside reach its registry as this machine does: with the same file of settings and certificates. */
export function networkArgs() {
  const setting = (name) => run('npm', ['config', 'get', name]).trim();
  const mounts = [
    [setting('globalconfig'), '/usr/local/etc/npmrc'],
    [setting('cafile'), setting('cafile')],
  ];
  return mounts
    .filter(([from]) => existsSync(from))
    .flatMap(([from, to]) => ['--volume', `${from}:${to}:ro`]);
}
