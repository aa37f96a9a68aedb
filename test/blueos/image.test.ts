import { execFile } from 'node:child_process';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/server.ts';
import { readImage } from './dockerfile.ts';
import { labels } from './store.ts';

const execute = promisify(execFile);
const BINDINGS = 'node_modules/@serialport/bindings-cpp';
const version = async () => JSON.parse(await readFile('package.json', 'utf8')).version;

test('every label is one that the extension store reads, by its rules', async () => {
  const image = await readImage();
  const read = labels.parse(image.labels);
  expect(read.version).toBe(await version());
  expect(new Set(read.tags).size).toBe(read.tags.length);
});

test('the permissions fit what is in the image: port, data folder, devices', async () => {
  const { labels: told, env, volumes, ports } = await readImage();
  const { ExposedPorts, HostConfig } = labels.parse(told).permissions;
  expect(ports.map((port) => `${port}/tcp`)).toEqual(Object.keys(ExposedPorts));
  expect(HostConfig.PortBindings).toEqual({ '9150/tcp': [{ HostPort: '9150-9199' }] });
  const binds = new Map(
    HostConfig.Binds?.map((bind) => bind.split(':').reverse()) as [string, string][],
  );
  expect([...binds.keys()].sort()).toEqual(['/data', '/dev']);
  expect(binds.get('/data')).toMatch(/^\/usr\/blueos\/extensions\//);
  expect(volumes).toEqual(['/data']);
  expect(env['CHUNK_RECORDING_PATH']).toMatch(/^\/data\//);
});

test('the README and the page for BlueOS show the permissions that the image has', async () => {
  const { permissions } = labels.parse((await readImage()).labels);
  for (const page of ['README.md', 'docs/blueos.md']) {
    const blocks = (await readFile(page, 'utf8')).matchAll(/```json\n(\{.*?\n\})\n```/gs);
    const shown = [...blocks].map(([, json = '']) => JSON.parse(json));
    expect(shown.filter((block) => 'HostConfig' in block)).toEqual([permissions]);
  }
});

/** Machine of an ELF file, by its number in the header. */
const MACHINES: Record<number, string> = { 40: 'arm', 62: 'x64', 183: 'arm64' };

test.each([
  ['linux/arm/v7', { npm_config_arch: 'arm', ARM_VERSION: '7' }, 'arm'],
  ['linux/arm64', { npm_config_arch: 'arm64', ARM_VERSION: '8' }, 'arm64'],
  ['linux/amd64', { npm_config_arch: 'x64' }, 'x64'],
])('on %s the image has the native part of serialport', async (_platform, machine, name) => {
  const folder = await prunedBindings();
  const find = `console.log(require('node-gyp-build').resolve(${JSON.stringify(folder)}))`;
  const env = { ...process.env, ...machine, npm_config_platform: 'linux', LIBC: 'glibc' };
  const { stdout } = await execute(process.execPath, ['-e', find], { env });
  const header = await readFile(stdout.trim());
  expect([header.toString('latin1', 1, 4), MACHINES[header.readUInt16LE(18)]]).toEqual([
    'ELF',
    name,
  ]);
});

/** The package as it is after the Dockerfile's own commands. */
async function prunedBindings(): Promise<string> {
  const folder = join(await temporaryFolder(), 'bindings');
  await cp(BINDINGS, folder, { recursive: true });
  const run = (await readImage()).runs.find((text) => text.includes(`cd ${BINDINGS}`)) ?? '';
  const prune = run.slice(run.indexOf(`cd ${BINDINGS}`)).replace(BINDINGS, folder);
  await execute('sh', ['-ec', prune.replaceAll('\\\n', ' ')]);
  expect(
    (await readdir(join(folder, 'prebuilds'))).every((name) => name.startsWith('linux-')),
  ).toBe(true);
  return folder;
}

test('nothing else that the image needs is native, or built when it is installed', async () => {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Record<
      string,
      { dev?: boolean; optional?: boolean; hasInstallScript?: boolean; cpu?: string[] }
    >;
  };
  const inImage = Object.entries(packages).filter(([, one]) => !one.dev && !one.optional);
  const native = inImage.filter(([, one]) => one.hasInstallScript || one.cpu);
  expect(native.map(([path]) => path)).toEqual([BINDINGS]);
});
