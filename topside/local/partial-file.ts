import { createHash, type Hash } from 'node:crypto';
import { constants, type FileHandle, open } from 'node:fs/promises';

const READ_BYTES = 1024 * 1024;

/** A file being received, with the SHA-256 of what is in it so far. */
export class PartialFile {
  readonly #handle: FileHandle;
  #hash: Hash = createHash('sha256');
  #size = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Goes on after what an earlier attempt left, which is read once for its hash. */
  static async open(path: string): Promise<PartialFile> {
    const file = new PartialFile(
      await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW),
    );
    try {
      await file.#readBack();
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get size(): number {
    return this.#size;
  }

  async append(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const left = bytes.length - done;
      const { bytesWritten } = await this.#handle.write(bytes, done, left, this.#size + done);
      done += bytesWritten;
    }
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }

  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#hash = createHash('sha256');
    this.#size = 0;
  }

  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #readBack(): Promise<void> {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (;;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, READ_BYTES, this.#size);
      if (bytesRead === 0) return;
      this.#hash.update(buffer.subarray(0, bytesRead));
      this.#size += bytesRead;
    }
  }
}

/** SHA-256 of a file, hex. */
export async function fileSha256(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    for await (const bytes of handle.createReadStream({
      highWaterMark: READ_BYTES,
      autoClose: false,
    })) {
      hash.update(bytes);
    }
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}
