import { type FileHandle, open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { ApiError } from '../../shared/errors.ts';

/** Large, since each block is a round trip to a thread. */
const BLOCK_BYTES = 512 * 1024;
/** Pairs of blocks that no download uses now: new memory has to be cleared by the system first. */
const spare: [Buffer, Buffer][] = [];
const MOST_SPARE = 4;

/** Bytes of a file. */
export interface FilePart {
  start: number;
  length: number;
}

/**
 * Writes a part of a file and ends the stream; rejects when the file can't be read, or the other
 * end has gone. One block is read while the one before it is written, and the two are used again:
 * memory that is new for each block would keep the garbage collector busy with the whole heap.
 */
export async function pumpFile(path: string, part: FilePart, to: Writable): Promise<void> {
  const file = await open(path);
  try {
    const blocks = spare.pop() ?? [newBlock(), newBlock()];
    await pumpBlocks(file, part, blocks, to);
    // After an error the system may still be at one of them.
    if (spare.length < MOST_SPARE) spare.push(blocks);
    to.end();
  } finally {
    await file.close();
  }
}

const newBlock = () => Buffer.allocUnsafeSlow(BLOCK_BYTES);

async function pumpBlocks(
  file: FileHandle,
  { start, length }: FilePart,
  blocks: [Buffer, Buffer],
  to: Writable,
): Promise<void> {
  let writing = Promise.resolve();
  for (let done = 0, turn: 0 | 1 = 0; done < length; turn = turn === 0 ? 1 : 0) {
    const block = blocks[turn];
    const wanted = Math.min(block.length, length - done);
    const reading = file.read(block, 0, wanted, start + done);
    const [{ bytesRead }] = await Promise.all([reading, writing]);
    if (bytesRead === 0) throw new ApiError('storage_unavailable', 'The file became shorter.');
    writing = written(to, block.subarray(0, bytesRead));
    done += bytesRead;
  }
  await writing;
}

/** Resolves when the system has taken the bytes: until then they must stay as they are. */
function written(to: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(new Error('the other end has gone'));
    if (to.destroyed) return closed();
    to.once('close', closed);
    to.write(bytes, (error) => {
      to.off('close', closed);
      if (error) reject(error);
      else resolve();
    });
  });
}
