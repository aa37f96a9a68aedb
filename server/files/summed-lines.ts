import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { parseJson } from '../../shared/json.ts';
import { eachLine } from './line-blocks.ts';

/** Characters that are put together, at least, before they are written. */
const BLOCK = 64 * 1024;

/**
 * Writes values as lines of JSON, some at a time, and the check sum of them all as the last line: a
 * file that a power cut tore is none. It takes the place of what was there when it is whole.
 */
export async function writeSummedLines(path: string, values: Iterable<unknown>): Promise<void> {
  const unfinished = `${path}.tmp`;
  await writeFile(unfinished, blocks(values));
  await rename(unfinished, path);
}

/**
 * Gives the values one after the other to `take`, as far as they can be read. Resolves with true
 * where the check sum is theirs: what was taken counts only then. Rejects where there is no file.
 */
export async function readSummedLines(
  path: string,
  take: (value: unknown) => void,
): Promise<boolean> {
  const hash = createHash('sha256');
  let last: string | null = null;
  const read = await eachLine(path, (some) => {
    for (const line of some) {
      if (last !== null) {
        hash.update(`${last}\n`);
        take(parseJson(last));
      }
      last = line;
    }
  });
  if (read === null) throw new Error('the disk does not give it back');
  return parseJson(last ?? '') === hash.digest('hex');
}

function* blocks(values: Iterable<unknown>): Generator<string> {
  const hash = createHash('sha256');
  let block = '';
  for (const value of values) {
    block += `${JSON.stringify(value)}\n`;
    if (block.length < BLOCK) continue;
    hash.update(block);
    yield block;
    block = '';
  }
  yield `${block}${JSON.stringify(hash.update(block).digest('hex'))}\n`;
}
