import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { inTurns } from '../../files/in-turns.ts';
import { isBadSector } from '../../files/readable-blocks.ts';
import { type Content, zipBytes } from './zip-bytes.ts';
import { StoredLength } from './zip-records.ts';

/** A file of the disk that goes into the archive. */
export interface FileEntry {
  /** Name inside the archive's folder. */
  name: string;
  /** Absolute path of the file. */
  path: string;
  /** SHA-256 in hex where it is known from before; else it is taken of what goes into the archive. */
  sha256?: string;
  /** Bytes of it that go in; by default all. */
  size?: number;
  /** When it was written; unpackers are told in UTC. */
  modified?: Date;
}

/** What is made for the archive, or was read for it. */
export interface TextEntry {
  name: string;
  text: string | Buffer;
  modified?: Date;
}

export type ZipEntry = FileEntry | TextEntry;

type Named = Pick<ZipEntry, 'name' | 'modified'>;

/** Some at a time: a session may have more chunks than should be in one list. */
export type ZipEntries = Iterable<readonly ZipEntry[]>;

export const MANIFEST = 'MANIFEST.sha256';
export const DAMAGE = 'DAMAGE.txt';
/** Of the manifest, in one piece. */
const LINES = 1000;
const PIECE_BYTES = 64 * 1024;
const DAMAGE_HEAD = 'This session is damaged. What is whole of it is in this archive.\n\n';

/**
 * Files as one ZIP archive with one folder in it, and with a MANIFEST.sha256 that
 * `sha256sum -c` takes there. A known SHA-256 goes into the manifest as it was
 * given: a file that was damaged since is found by whoever checks the archive. `damage` goes
 * into a DAMAGE.txt, as does what the disk does not give back on the way.
 */
export function sessionZip(
  folder: string,
  entries: ZipEntries,
  damage: readonly string[] = [],
): Readable {
  const contents = contentsOf(folder, entries, { damage, asRead: (entry) => entry });
  return Readable.from(zipBytes(contents, false), { objectMode: false });
}

/** An archive and its length in bytes. */
export interface StoredZip {
  body: Readable;
  length: number;
}

/**
 * The same without compression, so that its length is known before the first byte. Files without a
 * known hash and size are small, and read beforehand; of the others one that is not as long as it
 * was breaks the archive off.
 */
export async function storedZip(
  folder: string,
  entries: ZipEntries,
  damage: readonly string[] = [],
): Promise<StoredZip> {
  const length = new StoredLength();
  const add = (name: string, size: number) => length.add({ name: `${folder}/${name}`, size });
  const read = new Map<string, TextEntry>();
  let manifest = 0;
  for await (const some of inTurns(entries)) {
    for (const entry of some) {
      const size = isKnown(entry) ? entry.size : await readInto(read, entry);
      add(entry.name, size);
      manifest += Buffer.byteLength(manifestLine(NO_SHA256, entry.name));
    }
  }
  if (damage.length > 0) add(DAMAGE, Buffer.byteLength(damageText(damage)));
  add(MANIFEST, manifest);
  const asRead = (entry: ZipEntry) => read.get(entry.name) ?? entry;
  const bytes = zipBytes(contentsOf(folder, entries, { damage, asRead }), true);
  return { body: Readable.from(bytes, { objectMode: false }), length: length.bytes };
}

type Known = FileEntry & { sha256: string; size: number };

const isKnown = (entry: ZipEntry): entry is Known =>
  'path' in entry && entry.sha256 !== undefined && entry.size !== undefined;

async function readInto(read: Map<string, TextEntry>, entry: ZipEntry): Promise<number> {
  const text = 'path' in entry ? await readFile(entry.path) : Buffer.from(entry.text);
  read.set(entry.name, { ...entry, text });
  return text.length;
}

interface Ways {
  damage: readonly string[];
  /** An entry, or what was read of it before. */
  asRead(entry: ZipEntry): ZipEntry;
}

/** The entries, and at the end what reading them told. */
async function* contentsOf(
  folder: string,
  entries: ZipEntries,
  { damage, asRead }: Ways,
): AsyncGenerator<Content> {
  const manifest = new Manifest();
  const told = [...damage];
  const named = (entry: Named, bytes: Content['bytes'], size?: number): Content => ({
    ...{ name: `${folder}/${entry.name}`, modified: entry.modified ?? new Date(), bytes },
    ...(size !== undefined && { size }),
  });
  for (const some of entries) {
    for (const entry of some.map(asRead)) {
      const { name } = entry;
      const onRead = (sha256: string) => manifest.add(manifestLine(sha256, name));
      const onUnreadable = (detail: string) => told.push(detail);
      const size = 'text' in entry ? Buffer.byteLength(entry.text) : entry.size;
      yield named(entry, bytesOf(entry, { onRead, onUnreadable }), size);
    }
  }
  if (told.length > 0) {
    const text = Buffer.from(damageText(told));
    yield named({ name: DAMAGE }, [text], text.length);
  }
  yield named({ name: MANIFEST }, manifest.pieces(), manifest.size);
}

/** The lines of a text that may be long, a thousand in each piece. */
class Manifest {
  size = 0;
  readonly #pieces: Buffer[] = [];
  #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line);
    this.size += Buffer.byteLength(line);
    if (this.#lines.length === LINES) this.#put();
  }

  pieces(): Iterable<Buffer> {
    this.#put();
    return this.#pieces;
  }

  #put(): void {
    this.#pieces.push(Buffer.from(this.#lines.join('')));
    this.#lines = [];
  }
}

const damageText = (told: readonly string[]) =>
  `${DAMAGE_HEAD}${told.map((detail) => `${detail}\n`).join('')}`;

const NO_SHA256 = '0'.repeat(64);

const manifestLine = (sha256: string, name: string) => `${sha256}  ${name}\n`;

const sha256Of = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

interface Listener {
  /** Told of the file's SHA-256 before its bytes end. */
  onRead(sha256: string): void;
  /** Told why they end before the file does. */
  onUnreadable(detail: string): void;
}

async function* bytesOf(entry: ZipEntry, listener: Listener): AsyncGenerator<Buffer> {
  if ('path' in entry) return yield* fileBytes(entry, listener);
  listener.onRead(sha256Of(entry.text));
  yield Buffer.from(entry.text);
}

/** No larger than the file: buffers of thousands of short ones would fill the memory. */
const piecesOf = (size: number) => ({
  end: size - 1,
  highWaterMark: Math.min(size, PIECE_BYTES),
});

async function* fileBytes(
  { name, path, sha256, size }: FileEntry,
  { onRead, onUnreadable }: Listener,
): AsyncGenerator<Buffer> {
  if (size === 0) return onRead(sha256 ?? sha256Of(''));
  const hash = createHash('sha256');
  try {
    const file = createReadStream(path, size === undefined ? {} : piecesOf(size));
    for await (const bytes of file as AsyncIterable<Buffer>) {
      if (sha256 === undefined) hash.update(bytes);
      yield bytes;
    }
  } catch (error) {
    if (!isBadSector(error)) throw error;
    onUnreadable(`${name}: ${error.message}. The rest of it is not in this archive.`);
  }
  onRead(sha256 ?? hash.digest('hex'));
}
