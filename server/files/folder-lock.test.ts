import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/server.ts';
import { readBootId } from './boot-id.ts';
import { FolderInUse, FolderLock } from './folder-lock.ts';

const NAME = '.qsensor.lock';
const lockOn = (folder: string, isShared = false) =>
  new FolderLock(folder, { program: 'trial', isShared });

/** A lock that lies there, as its owner left it. */
async function left(owner: object | string, isShared = false): Promise<FolderLock> {
  const folder = await temporaryFolder();
  const known = { program: 'other', pid: process.ppid, host: hostname(), boot: await readBootId() };
  const none = { started: null, pids: null, socket: null };
  const text = typeof owner === 'string' ? owner : JSON.stringify({ ...known, ...none, ...owner });
  await writeFile(join(folder, NAME), text);
  return lockOn(folder, isShared);
}

/** Of one that holds this folder now. */
async function ownerIn(folder: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, NAME), 'utf8'));
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('one of two has the folder, and is named to the other; after its release the other has it', async () => {
  const folder = await temporaryFolder();
  const [first, second] = [lockOn(folder), lockOn(folder)];
  await first.acquire();
  await expect(second.acquire()).rejects.toMatchObject({
    owner: { program: 'trial', pid: process.pid, boot: await readBootId() },
  });
  await first.release();
  await second.acquire();
  await second.release();
  expect(await readdir(folder)).toEqual([]);
});

test('of many at the same moment one has the folder', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, NAME), '');
  const locks = Array.from({ length: 8 }, () => lockOn(folder));
  const results = await Promise.allSettled(locks.map((lock) => lock.acquire()));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(FolderInUse);
  }
});

test('a folder with a very long path is locked too', async () => {
  const folder = join(await temporaryFolder(), 'x'.repeat(120), 'y'.repeat(120));
  await mkdir(folder, { recursive: true });
  const [first, second] = [lockOn(folder), lockOn(folder)];
  await first.acquire();
  expect((await ownerIn(folder))['socket']).not.toBeNull();
  await expect(second.acquire()).rejects.toBeInstanceOf(FolderInUse);
  await first.release();
});

test.each([
  ['a dead process', async () => ({ pid: await deadPid(), started: '1' })],
  ['a later process of the same number', () => ({ started: 'long ago' })],
  ['an owner whose socket nobody answers', () => ({ socket: `${NAME}.gone` })],
  ['an earlier boot of the machine', () => ({ boot: 'another' })],
  [
    'a container that is gone, with the machine’s boot',
    () => ({ host: 'c0ffee', pids: 'pid:[1]' }),
  ],
])('the lock of %s is taken over', async (_whose, owner) => {
  const lock = await left(await owner());
  await lock.acquire();
  await lock.release();
});

test('an empty lock, of a process killed while it made it, is taken over', async () => {
  const lock = await left('');
  await lock.acquire();
  await lock.release();
});

test('an owner in another container is alive as long as its socket answers', async () => {
  const folder = await temporaryFolder();
  const first = lockOn(folder);
  await first.acquire();
  const elsewhere = { ...(await ownerIn(folder)), host: 'c0ffee', pids: 'pid:[1]', pid: 1 };
  await writeFile(join(folder, NAME), JSON.stringify(elsewhere));
  await expect(lockOn(folder).acquire()).rejects.toBeInstanceOf(FolderInUse);
});

test('on a share another computer’s lock stays', async () => {
  const lock = await left({ host: 'elsewhere', boot: 'another' }, true);
  await expect(lock.acquire()).rejects.toMatchObject({ owner: { host: 'elsewhere' } });
});

test('what was taken over is left to the new owner', async () => {
  const folder = await temporaryFolder();
  const lock = lockOn(folder);
  await lock.acquire();
  await writeFile(join(folder, NAME), 'another');
  await lock.release();
  expect(await readdir(folder)).toEqual([NAME]);
});
