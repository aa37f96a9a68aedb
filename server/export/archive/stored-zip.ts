import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import {
  DAMAGE,
  damageText,
  type FileEntry,
  MANIFEST,
  manifestLine,
  sha256Of,
  type ZipEntry,
} from './zip.ts';

/** An archive and its length in bytes. */
export interface StoredZip {
  body: Readable;
  length: number;
}

/**
 * The archive of {@link sessionZip} without compression, so that its length is known before the first
 * byte. Files without a known hash and size are small, and read beforehand; of the others one that is
 * not as long as it was breaks the archive off.
 */
export async function storedZip(
  folder: string,
  entries: readonly ZipEntry[],
  damage: readonly string[] = [],
): Promise<StoredZip> {
  const zip = new ZipFile();
  const body = zip.outputStream as Readable;
  zip.on('error', (error: Error) => body.destroy(error));
  let manifest = '';
  for (const entry of entries) {
    const name = `${folder}/${entry.name}`;
    const sha256 = isKnown(entry) ? addFile(zip, name, entry) : await addRead(zip, name, entry);
    manifest += manifestLine(sha256, entry);
  }
  if (damage.length > 0) zip.addBuffer(damageText(damage), `${folder}/${DAMAGE}`, STORED);
  zip.addBuffer(Buffer.from(manifest), `${folder}/${MANIFEST}`, STORED);
  // Its types leave out that the size is told.
  const length = await new Promise<number>((told) => zip.end(PLAIN, told as () => void));
  return { body, length };
}

const STORED = { compress: false };
const PLAIN = { forceZip64Format: false, comment: '' };

type Known = FileEntry & { sha256: string; size: number };

const isKnown = (entry: ZipEntry): entry is Known =>
  'path' in entry && entry.sha256 !== undefined && entry.size !== undefined;

const optionsOf = ({ modified = new Date() }: ZipEntry) => ({ ...STORED, mtime: modified });

function addFile(zip: ZipFile, name: string, entry: Known): string {
  const { path, size, sha256 } = entry;
  zip.addReadStreamLazy(name, { ...optionsOf(entry), size }, (pass) => {
    const file = createReadStream(path, { end: size - 1 });
    const output = zip.outputStream as Readable;
    const end = () => file.destroy();
    output.once('close', end);
    file.once('close', () => output.off('close', end));
    file.on('error', (error) => output.destroy(error));
    pass(null, file);
  });
  return sha256;
}

async function addRead(zip: ZipFile, name: string, entry: ZipEntry): Promise<string> {
  const bytes = 'path' in entry ? await readFile(entry.path) : Buffer.from(entry.text);
  zip.addBuffer(bytes, name, optionsOf(entry));
  return sha256Of(bytes);
}
