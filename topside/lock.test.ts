import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/support/server.ts';
import { LOCK } from './layout.ts';
import { FolderLock } from './lock.ts';

const IN_USE = { exitCode: 4 };

async function lockOf(owner: object | string): Promise<FolderLock> {
  const folder = await temporaryFolder();
  const text = typeof owner === 'string' ? owner : JSON.stringify(owner);
  await writeFile(join(folder, LOCK), text);
  return new FolderLock(folder);
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('one of two has the folder; after its release the other', async () => {
  const folder = await temporaryFolder();
  const [first, second] = [new FolderLock(folder), new FolderLock(folder)];
  await first.acquire();
  await expect(second.acquire()).rejects.toMatchObject(IN_USE);
  await first.release();
  await second.acquire();
  await second.release();
  expect(await readdir(folder)).toEqual([]);
});

test('the lock of a dead process is taken over', async () => {
  const lock = await lockOf({ pid: await deadPid(), host: hostname(), started: '1' });
  await lock.acquire();
  await lock.release();
});

test('a later process of the same number does not hold it', async () => {
  const lock = await lockOf({ pid: process.ppid, host: hostname(), started: 'long ago' });
  await lock.acquire();
});

test('an empty lock, of a process killed while it made it, is taken over', async () => {
  const lock = await lockOf('');
  await lock.acquire();
});

test('another computer’s lock stays, with what to do about it', async () => {
  const lock = await lockOf({ pid: 1, host: 'elsewhere', started: null });
  await expect(lock.acquire()).rejects.toThrow(/elsewhere.*delete/);
});

test('what was taken over is left to the new owner', async () => {
  const folder = await temporaryFolder();
  const lock = new FolderLock(folder);
  await lock.acquire();
  await writeFile(join(folder, LOCK), 'another');
  await lock.release();
  expect(await readdir(folder)).toEqual([LOCK]);
});
