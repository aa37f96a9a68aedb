import { type Reading, readableBlocks } from './readable-blocks.ts';
import { isMissing, isUnreadable } from './storage-error.ts';

const BLOCK_BYTES = 64 * 1024;
const LONGEST_LINE_BYTES = 64 * 1024;
const LINE_FEED = 10;

/**
 * A file in blocks of whole lines, of at most 64 KiB or so; only the last one may end without a line
 * feed. Zeros stand for what the disk does not give back.
 */
export async function* lineBlocks(
  path: string,
  reading: Pick<Reading, 'onUnreadable'> = {},
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of readableBlocks(path, { ...reading, blockBytes: BLOCK_BYTES })) {
    const block = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    const end = block.lastIndexOf(LINE_FEED) + 1;
    const cut = end === 0 && block.length > LONGEST_LINE_BYTES ? block.length : end;
    if (cut > 0) yield block.subarray(0, cut);
    rest = block.subarray(cut);
  }
  if (rest.length > 0) yield rest;
}

/** A file whose lines were gone through. */
export interface LinesRead {
  size: number;
  /** The last line has its end, or there is none. */
  isWhole: boolean;
}

/**
 * Goes through a file's lines, a block at a time; there is none where there is no file. Gives
 * null where the disk does not give it back: what was taken until then counts for nothing.
 */
export async function eachLine(
  path: string,
  take: (lines: readonly string[], block: Buffer) => void,
): Promise<LinesRead | null> {
  const read = { size: 0, isWhole: true, unreadable: 0 };
  const onUnreadable = (bytes: number) => {
    read.unreadable += bytes;
  };
  try {
    for await (const block of lineBlocks(path, { onUnreadable })) {
      const lines = block.toString('utf8').split('\n');
      read.isWhole = lines.at(-1) === '';
      read.size += block.length;
      take(read.isWhole ? lines.slice(0, -1) : lines, block);
    }
  } catch (error) {
    if (isUnreadable(error)) return null;
    if (!isMissing(error)) throw error;
  }
  return read.unreadable > 0 ? null : read;
}
