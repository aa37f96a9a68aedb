import { constants } from 'node:fs';
import { copyFile, type FileHandle, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { renameDurably, syncFolder } from './durable-file.ts';
import { lookAt } from './links.ts';
import type { Range, Ranges } from './ranges.ts';

const TORN = '.torn';
const BLOCK_BYTES = 1024 * 1024;

/** A name beside the file that is free: `x.torn`, `x.torn.1`, ... What was kept earlier stays. */
async function freeName(path: string): Promise<string> {
  for (let number = 0; ; number += 1) {
    const name = number === 0 ? path + TORN : `${path}${TORN}.${number}`;
    if (!(await exists(name))) return name;
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await lookAt(path)) !== null;
}

/** Moves a whole file aside; gives the name under which it is kept. */
export async function setAside(path: string): Promise<string> {
  const kept = await freeName(path);
  await renameDurably(path, kept);
  return basename(kept);
}

/** Keeps a copy aside; gives its name. */
export async function copyAside(path: string): Promise<string> {
  const kept = await freeName(path);
  await copyFile(path, kept, constants.COPYFILE_EXCL);
  await syncFolder(dirname(kept));
  return basename(kept);
}

/** Takes the bad ranges out of a file and keeps them aside; gives the name under which. */
export async function cutOut(path: string, { good, bad, unreadable }: Ranges): Promise<string> {
  if (unreadable > 0) return keepWhole(path, good);
  const kept = await freeName(path);
  await copyRanges(path, kept, bad, 'wx');
  await syncFolder(dirname(path));
  const only = good[0];
  if (good.length === 0) await truncateDurably(path, 0);
  else if (good.length === 1 && only?.start === 0) await truncateDurably(path, only.end);
  else await rewrite(path, good);
  return basename(kept);
}

/** What the disk does not give back can't be copied: the file itself is kept aside, as it is. */
async function keepWhole(path: string, good: Range[]): Promise<string> {
  const mended = `${path}.tmp`;
  await copyRanges(path, mended, good, 'w');
  const kept = await setAside(path);
  await renameDurably(mended, path);
  return kept;
}

async function truncateDurably(path: string, size: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(size);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function rewrite(path: string, good: Range[]): Promise<void> {
  const mended = `${path}.tmp`;
  await copyRanges(path, mended, good, 'w');
  await renameDurably(mended, path);
}

async function copyRanges(
  path: string,
  target: string,
  ranges: Range[],
  flags: 'w' | 'wx',
): Promise<void> {
  const from = await open(path, 'r');
  try {
    const to = await open(target, flags);
    try {
      for (const range of ranges) await copyRange(from, to, range);
      await to.sync();
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

async function copyRange(from: FileHandle, to: FileHandle, range: Range): Promise<void> {
  for (let at = range.start; at < range.end; ) {
    const block = Buffer.alloc(Math.min(BLOCK_BYTES, range.end - at));
    const { bytesRead } = await from.read(block, 0, block.length, at);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    await to.writeFile(block.subarray(0, bytesRead));
    at += bytesRead;
  }
}
