import { createHash } from 'node:crypto';
import { type FileHandle, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openWhenFree } from './patient-open.ts';

/** Text is handed to the disk in pieces of about this size, so that no piece stalls the event loop. */
const PIECE_CHARS = 64 * 1024;

/** What file systems say that have no such thing for folders, as some network shares. */
const UNSYNCABLE = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM'];

/**
 * Makes names that were created, renamed or removed in a folder survive a power cut. Resolves with
 * false where its file system has no such thing: then its own order of writing is all there is.
 */
export async function syncFolder(path: string): Promise<boolean> {
  const handle = await openWhenFree(path, 'r');
  try {
    await handle.sync();
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!UNSYNCABLE.includes(code)) throw error;
    return false;
  } finally {
    await handle.close();
  }
}

/** Renames within a folder so that a power cut leaves the old name or the new one. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

/**
 * Replaces a file as a whole: after a crash it holds the old text or the new one.
 * Calls for the same path must not overlap.
 */
export async function writeDurably(path: string, text: string | Iterable<string>): Promise<void> {
  const temporary = `${path}.tmp`;
  const handle = await openWhenFree(temporary, 'w');
  try {
    for (const piece of typeof text === 'string' ? [text] : text) await handle.writeFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await renameDurably(temporary, path);
}

/** Writes all of it: the system may take less than it was given. */
async function writeFully(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written);
    written += bytesWritten;
  }
}

/**
 * A file that only grows. `append` never waits; text goes to the disk in order,
 * one write and one fdatasync at a time, and neither waits for the other.
 * After the first error every promise rejects with it and nothing more is written.
 */
export class AppendFile {
  readonly path: string;
  readonly #flags: 'ax' | 'a';
  readonly #after: Promise<void>;
  readonly #hash = createHash('sha256');
  #pieces: string[] = [];
  #last = '';
  #pending = 0;
  #written = 0;
  #synced = 0;
  #handle: Promise<FileHandle> | null = null;
  #writing: Promise<void> | null = null;
  #syncing: Promise<void> | null = null;
  #naming: Promise<void> = Promise.resolve();

  /**
   * `ax` refuses a file that is there already; `a` goes on after its end. Its name is made
   * durable after `after`: on a disk that stands still only one file holds a thread for that.
   */
  constructor(path: string, flags: 'ax' | 'a', after = Promise.resolve()) {
    this.path = path;
    this.#flags = flags;
    this.#after = after;
  }

  /** Settles when the file's name survives a power cut, or never will. */
  get named(): Promise<void> {
    const named = this.#opened().then(() => this.#naming);
    return named.catch(() => undefined);
  }

  /** Bytes (of ASCII) that no write has been made for yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Bytes written through this object. */
  get written(): number {
    return this.#written;
  }

  append(text: string): void {
    this.#last += text;
    this.#pending += text.length;
    if (this.#last.length < PIECE_CHARS) return;
    this.#pieces.push(this.#last);
    this.#last = '';
  }

  /** Resolves when all that was appended before is written (not yet synced). */
  flush(): Promise<void> {
    this.#writing ??= this.#writeAll();
    return this.#writing;
  }

  /** Resolves when all that was appended before survives a power cut. */
  async sync(): Promise<void> {
    await this.flush();
    const target = this.#written;
    while (this.#synced < target) {
      this.#syncing ??= this.#syncOnce();
      await this.#syncing;
    }
  }

  /** Syncs and closes; gives the SHA-256 of all that was written through this object. */
  async close(): Promise<string> {
    await this.sync();
    const handle = await this.#opened();
    await handle.close();
    return this.#hash.digest('hex');
  }

  /** Closes it in any case; rejects when something could not be written before. */
  async abandon(): Promise<void> {
    const handle = await this.#opened();
    try {
      await this.sync();
    } finally {
      await handle.close();
    }
  }

  #opened(): Promise<FileHandle> {
    this.#handle ??= this.#open();
    return this.#handle;
  }

  async #open(): Promise<FileHandle> {
    const handle = await openWhenFree(this.path, this.#flags);
    this.#naming = this.#after.then(async () => void (await syncFolder(dirname(this.path))));
    // The first sync tells of its error: rows need not wait for it to be written.
    this.#naming.catch(() => undefined);
    return handle;
  }

  /** Stays rejected after an error: what comes later must not be written behind a hole. */
  async #writeAll(): Promise<void> {
    const handle = await this.#opened();
    for (let text = this.#take(); text !== ''; text = this.#take()) {
      const bytes = Buffer.from(text);
      await writeFully(handle, bytes);
      this.#hash.update(bytes);
      this.#written += bytes.length;
      this.#pending -= text.length;
    }
    this.#writing = null;
  }

  #take(): string {
    const piece = this.#pieces.shift();
    if (piece !== undefined) return piece;
    const last = this.#last;
    this.#last = '';
    return last;
  }

  async #syncOnce(): Promise<void> {
    const covered = this.#written;
    const handle = await this.#opened();
    await this.#naming;
    await handle.datasync();
    this.#synced = covered;
    this.#syncing = null;
  }
}
