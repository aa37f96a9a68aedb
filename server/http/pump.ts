import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { ApiError } from '../../shared/errors.ts';

/** Large, since each block is a round trip to a thread. */
const BLOCK_BYTES = 256 * 1024;

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
    const blocks = [0, 1].map(() => Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, part.length)));
    let writing = Promise.resolve();
    for (let done = 0, turn = 0; done < part.length; turn ^= 1) {
      const block = blocks[turn] as Buffer;
      const wanted = Math.min(block.length, part.length - done);
      const reading = file.read(block, 0, wanted, part.start + done);
      const [{ bytesRead }] = await Promise.all([reading, writing]);
      if (bytesRead === 0) throw new ApiError('storage_unavailable', 'The file became shorter.');
      writing = written(to, block.subarray(0, bytesRead));
      done += bytesRead;
    }
    await writing;
    to.end();
  } finally {
    await file.close();
  }
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
