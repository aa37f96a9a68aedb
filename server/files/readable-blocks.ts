import { type FileHandle, open } from 'node:fs/promises';

const BLOCK_BYTES = 256 * 1024;
/** A disk fails by sectors of this size, or of an eighth of it. */
const PIECE_BYTES = 4096;
/** Each may take a worn card seconds: with more of them the file is given up. */
const MOST_UNREADABLE = 64;

export interface Reading {
  /** First byte; 0 by default. */
  start?: number;
  /** The byte after the last one; by default to the end that the file has when it is opened. */
  end?: number;
  /** Size of a block, 256 KiB by default. */
  blockBytes?: number;
  /** Told of bytes that the disk does not give back, and why. */
  onUnreadable?: (bytes: number, error: Error) => void;
}

/**
 * A file in blocks, as much of it as the disk gives back: zeros, which are in no line of ours,
 * stand for the pieces that it does not. Rejects with the system's error where that is too much.
 */
export async function* readableBlocks(path: string, reading: Reading = {}): AsyncGenerator<Buffer> {
  const { start = 0, onUnreadable = () => undefined, blockBytes = BLOCK_BYTES } = reading;
  const handle = await open(path);
  const pieces = new Pieces(handle, onUnreadable);
  try {
    const end = reading.end ?? (await handle.stat()).size;
    for (let at = start; at < end; ) {
      const block = await pieces.block(at, Math.min(blockBytes, end - at));
      if (block.length === 0) return;
      yield block;
      at += block.length;
    }
  } finally {
    await handle.close();
  }
}

class Pieces {
  readonly #handle: FileHandle;
  readonly #onUnreadable: (bytes: number, error: Error) => void;
  #unreadable = 0;
  /** Before this byte it is read piece by piece: each refusal costs time. */
  #carefulTo = 0;

  constructor(handle: FileHandle, onUnreadable: (bytes: number, error: Error) => void) {
    this.#handle = handle;
    this.#onUnreadable = onUnreadable;
  }

  async block(at: number, length: number): Promise<Buffer> {
    const piece = Math.min(length, PIECE_BYTES - (at % PIECE_BYTES));
    if (at < this.#carefulTo) return this.#piece(at, piece);
    try {
      return await this.#read(at, length);
    } catch (error) {
      if (!isBadSector(error)) throw error;
      this.#carefulTo = at + length;
      return this.#piece(at, piece);
    }
  }

  async #piece(at: number, length: number): Promise<Buffer> {
    try {
      return await this.#read(at, length);
    } catch (error) {
      this.#unreadable += 1;
      if (!isBadSector(error) || this.#unreadable > MOST_UNREADABLE) throw error;
      const { size } = await this.#handle.stat();
      const zeros = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
      this.#onUnreadable(zeros.length, error);
      return zeros;
    }
  }

  async #read(at: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.#handle.read(buffer, 0, length, at);
    return buffer.subarray(0, bytesRead);
  }
}

/** The disk does not give back what lies there. */
export function isBadSector(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'EIO';
}
