import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { isBadSector } from '../../files/readable-blocks.ts';

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
  /** When it was written; yazl tells unpackers so in UTC. */
  modified?: Date;
}

/** A text that is made for the archive. */
export interface TextEntry {
  name: string;
  text: string;
  modified?: Date;
}

export type ZipEntry = FileEntry | TextEntry;

export const MANIFEST = 'MANIFEST.sha256';
export const DAMAGE = 'DAMAGE.txt';
const DAMAGE_HEAD = 'This session is damaged. What is whole of it is in this archive.\n\n';
/** The fastest level: rows of JSON still come down to a ninth. */
const COMPRESSION_LEVEL = 1;

/**
 * Files as one ZIP archive with one folder in it, and with a MANIFEST.sha256 that
 * `sha256sum -c` takes there. A known SHA-256 goes into the manifest as it was
 * given: a file that was damaged since is found by whoever checks the archive. `damage` goes
 * into a DAMAGE.txt, as does what the disk does not give back on the way.
 */
export function sessionZip(
  folder: string,
  entries: readonly ZipEntry[],
  damage: readonly string[] = [],
): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const manifest: string[] = [];
  const told = [...damage];
  let open: Readable | null = null;
  zip.on('error', (error: Error) => output.destroy(error));
  output.on('close', () => open?.destroy());
  for (const entry of entries) {
    zip.addReadStreamLazy(`${folder}/${entry.name}`, zipOptions(entry), (pass) => {
      open = entryStream(entry, {
        onRead: (sha256) => manifest.push(manifestLine(sha256, entry)),
        onUnreadable: (detail) => told.push(detail),
      });
      open.on('error', (error) => output.destroy(error));
      pass(null, open);
    });
  }
  zip.addReadStreamLazy(`${folder}/${MANIFEST}`, zipOptions(), (pass) => {
    if (told.length > 0) zip.addBuffer(damageText(told), `${folder}/${DAMAGE}`, zipOptions());
    zip.end();
    pass(null, Readable.from([Buffer.from(manifest.join(''))]));
  });
  return output;
}

export const damageText = (told: readonly string[]) =>
  Buffer.from(`${DAMAGE_HEAD}${told.map((detail) => `${detail}\n`).join('')}`);

export const manifestLine = (sha256: string, { name }: ZipEntry) => `${sha256}  ${name}\n`;

export const sha256Of = (content: string | Buffer) =>
  createHash('sha256').update(content).digest('hex');

function zipOptions({ modified = new Date() }: Pick<ZipEntry, 'modified'> = {}) {
  return { mtime: modified, compressionLevel: COMPRESSION_LEVEL };
}

interface Listener {
  /** Told of the file's SHA-256 before the stream ends. */
  onRead(sha256: string): void;
  /** Told why the stream ends before the file does. */
  onUnreadable(detail: string): void;
}

function entryStream(entry: ZipEntry, listener: Listener): Readable {
  if ('path' in entry) return fileStream(entry, listener);
  listener.onRead(sha256Of(entry.text));
  return Readable.from([Buffer.from(entry.text)]);
}

function fileStream({ name, path, sha256, size }: FileEntry, listener: Listener): Readable {
  const file = createReadStream(path, size === undefined ? {} : { end: size - 1 });
  const whole = async function* () {
    const hash = createHash('sha256');
    try {
      for await (const bytes of file as AsyncIterable<Buffer>) {
        if (sha256 === undefined) hash.update(bytes);
        yield bytes;
      }
    } catch (error) {
      if (!isBadSector(error)) throw error;
      listener.onUnreadable(`${name}: ${error.message}. The rest of it is not in this archive.`);
    }
    listener.onRead(sha256 ?? hash.digest('hex'));
  };
  return Readable.from(whole(), { objectMode: false });
}
