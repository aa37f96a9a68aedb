import { readableBlocks } from '../files/readable-blocks.ts';

const BLOCK_BYTES = 64 * 1024;
const LONGEST_LINE_BYTES = 64 * 1024;
const LINE_FEED = 10;

/**
 * A file in blocks of whole lines, of at most 64 KiB or so; only the last one may end without a line
 * feed. Zeros stand for what the disk does not give back.
 */
export async function* lineBlocks(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of readableBlocks(path, { blockBytes: BLOCK_BYTES })) {
    const block = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    const end = block.lastIndexOf(LINE_FEED) + 1;
    const cut = end === 0 && block.length > LONGEST_LINE_BYTES ? block.length : end;
    if (cut > 0) yield block.subarray(0, cut);
    rest = block.subarray(cut);
  }
  if (rest.length > 0) yield rest;
}
