import { inflateRawSync } from 'node:zlib';

/** The method of files that are not compressed. */
const STORED = 0;

/** Of the extra field that holds the times of a file in UTC. */
const UTC_TIMES = 0x5455;

/** The files of an archive by name, read by way of its central directory. */
export function unzipped(zip: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, at] of records(zip)) {
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    const data = zip.readUInt16LE(at + 10) === STORED ? bytes : inflateRawSync(bytes);
    files.set(name, data.toString());
  }
  return files;
}

/** When each file was written, as an unpacker that knows UTC reads it. */
export function zipTimes(zip: Buffer): Map<string, string> {
  const times = new Map<string, string>();
  for (const [name, at] of records(zip)) {
    const extra = at + 46 + zip.readUInt16LE(at + 28);
    if (zip.readUInt16LE(extra) !== UTC_TIMES) throw new Error(`${name} has no time in UTC`);
    times.set(name, new Date(zip.readInt32LE(extra + 5) * 1000).toISOString());
  }
  return times;
}

/** Name and place of each record of the central directory. */
function* records(zip: Buffer): Generator<[name: string, at: number]> {
  const end = zip.lastIndexOf('PK\x05\x06');
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    yield [zip.toString('utf8', at + 46, at + 46 + nameLength), at];
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}
