import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { DAMAGE, damageText, MANIFEST, type ZipEntry } from './zip.ts';

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
    manifest += `${sha256}  ${entry.name}\n`;
  }
  if (damage.length > 0) zip.addBuffer(damageText(damage), `${folder}/${DAMAGE}`, STORED);
  zip.addBuffer(Buffer.from(manifest), `${folder}/${MANIFEST}`, STORED);
  // Its types leave out that the size is told.
  const length = await new Promise<number>((told) => zip.end(PLAIN, told as () => void));
  return { body, length };
}

const STORED = { compress: false };
const PLAIN = { forceZip64Format: false, comment: '' };

type Known = ZipEntry & { sha256: string; size: number };

const isKnown = (entry: ZipEntry): entry is Known =>
  entry.sha256 !== undefined && entry.size !== undefined;

function addFile(zip: ZipFile, name: string, { path, size, sha256 }: Known): string {
  zip.addReadStreamLazy(name, { ...STORED, size }, (pass) => {
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

async function addRead(zip: ZipFile, name: string, { path }: ZipEntry): Promise<string> {
  const bytes = await readFile(path);
  zip.addBuffer(bytes, name, STORED);
  return createHash('sha256').update(bytes).digest('hex');
}
