import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { isBadSector } from '../files/readable-blocks.ts';

/** A file of the archive. */
export interface ZipEntry {
  /** Name inside the archive's folder. */
  name: string;
  /** Absolute path of the file. */
  path: string;
  /** SHA-256 in hex where it is known from before; else it is taken of what goes into the archive. */
  sha256?: string;
  /** Bytes of it that go in; by default all. */
  size?: number;
  modified?: Date;
}

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
    zip.addReadStreamLazy(`${folder}/${entry.name}`, options(entry.modified), (pass) => {
      open = fileStream(entry, {
        onRead: (sha256) => manifest.push(`${sha256}  ${entry.name}\n`),
        onUnreadable: (detail) => told.push(detail),
      });
      open.on('error', (error) => output.destroy(error));
      pass(null, open);
    });
  }
  zip.addReadStreamLazy(`${folder}/${MANIFEST}`, options(), (pass) => {
    if (told.length > 0) zip.addBuffer(damageText(told), `${folder}/${DAMAGE}`, options());
    zip.end();
    pass(null, Readable.from([Buffer.from(manifest.join(''))]));
  });
  return output;
}

export const damageText = (told: readonly string[]) =>
  Buffer.from(`${DAMAGE_HEAD}${told.map((detail) => `${detail}\n`).join('')}`);

function options(modified = new Date()) {
  return { mtime: modified, compressionLevel: COMPRESSION_LEVEL };
}

interface Listener {
  /** Told of the file's SHA-256 before the stream ends. */
  onRead(sha256: string): void;
  /** Told why the stream ends before the file does. */
  onUnreadable(detail: string): void;
}

function fileStream({ name, path, sha256, size }: ZipEntry, listener: Listener): Readable {
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
