import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

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

const MANIFEST = 'MANIFEST.sha256';
/** The fastest level: rows of JSON still come down to a ninth. */
const COMPRESSION_LEVEL = 1;

/**
 * Files as one ZIP archive with one folder in it, and with a MANIFEST.sha256 that
 * `sha256sum -c` takes there. A known SHA-256 goes into the manifest as it was
 * given: a file that was damaged since is found by whoever checks the archive.
 */
export function sessionZip(folder: string, entries: readonly ZipEntry[]): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const manifest: string[] = [];
  let open: ReadStream | null = null;
  zip.on('error', (error: Error) => output.destroy(error));
  output.on('close', () => open?.destroy());
  for (const entry of entries) {
    zip.addReadStreamLazy(`${folder}/${entry.name}`, options(entry.modified), (pass) => {
      open = fileStream(entry, (sha256) => manifest.push(`${sha256}  ${entry.name}\n`));
      open.on('error', (error) => output.destroy(error));
      pass(null, open);
    });
  }
  zip.addReadStreamLazy(`${folder}/${MANIFEST}`, options(), (pass) => {
    pass(null, Readable.from([Buffer.from(manifest.join(''))]));
  });
  zip.end();
  return output;
}

function options(modified = new Date()) {
  return { mtime: modified, compressionLevel: COMPRESSION_LEVEL };
}

/** Calls `onRead` with the file's SHA-256 before the stream ends. */
function fileStream(
  { path, sha256, size }: ZipEntry,
  onRead: (sha256: string) => void,
): ReadStream {
  const stream = createReadStream(path, size === undefined ? {} : { end: size - 1 });
  if (sha256 !== undefined) return stream.on('end', () => onRead(sha256));
  const hash = createHash('sha256');
  stream.on('data', (bytes) => hash.update(bytes));
  return stream.on('end', () => onRead(hash.digest('hex')));
}
