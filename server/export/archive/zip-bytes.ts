import { pipeline, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';
import {
  descriptor,
  directoryEnd,
  directoryRecord,
  isLarge,
  localHeader,
  type Member,
  type Sums,
} from './zip-records.ts';

/** A member and what is in it. */
export interface Content extends Member {
  bytes: Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** The fastest level: rows of JSON still come down to a ninth. */
const LEVEL = { level: 1 };
/** What is no longer is packed at once, which takes less than a millisecond. */
const SHORT_BYTES = 64 * 1024;
/** Records of the directory that are kept as one piece. */
const RECORDS = 500;

/**
 * A ZIP archive, made as it is taken: of the members before the one that goes out only their records
 * are kept. Without compression each has to be as long as it says, else the archive breaks off.
 */
export async function* zipBytes(
  contents: AsyncIterable<Content>,
  isStored: boolean,
): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  let [records, count, offset]: [Buffer[], number, number] = [[], 0, 0];
  for await (const member of contents) {
    const begun = offset;
    const sums: Sums = { crc: 0, size: 0, packed: 0 };
    for await (const piece of whole(member, sums, isStored)) {
      offset += piece.length;
      yield piece;
    }
    records.push(directoryRecord(member, sums, begun, isStored));
    count += 1;
    if (records.length < RECORDS) continue;
    directory.push(Buffer.concat(records));
    records = [];
  }
  directory.push(Buffer.concat(records));
  let size = 0;
  for (const piece of directory) {
    size += piece.length;
    yield piece;
    await turn();
  }
  yield directoryEnd(count, size, offset);
}

/** From its header to what follows its bytes; the sums are true when it has ended. */
async function* whole(member: Content, sums: Sums, isStored: boolean): AsyncGenerator<Buffer> {
  yield localHeader(member, isStored);
  const summed = withSums(member.bytes, sums);
  for await (const piece of isStored ? summed : deflated(summed)) {
    sums.packed += piece.length;
    yield piece;
  }
  mustFit(member, sums, isStored);
  yield descriptor(member, sums);
}

async function* withSums(bytes: Content['bytes'], sums: Sums): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    sums.crc = crc32(piece, sums.crc);
    sums.size += piece.length;
    yield piece;
  }
}

/** Its buffers are as short as what goes into them. */
const deflatedAtOnce = (bytes: Buffer) =>
  deflateRawSync(bytes, { ...LEVEL, chunkSize: Math.max(1024, bytes.length >> 2) });

async function* deflated(bytes: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const begun: Buffer[] = [];
  for (let length = 0; length <= SHORT_BYTES; ) {
    const { value, done } = await bytes.next();
    if (done) return yield deflatedAtOnce(Buffer.concat(begun));
    begun.push(value);
    length += value.length;
  }
  const all = async function* () {
    yield* begun;
    yield* bytes;
  };
  try {
    // Whoever takes the pieces is told by the stream itself where it breaks off.
    yield* pipeline(Readable.from(all()), createDeflateRaw(LEVEL), () => undefined);
  } finally {
    await bytes.return(undefined);
  }
}

function mustFit({ name, size }: Member, sums: Sums, isStored: boolean): void {
  if (isStored && size !== sums.size) throw new Error(`${name} is not as long as it was`);
  if (!isLarge(size === undefined ? {} : { size }) && isLarge(sums)) {
    throw new Error(`${name} is too long for its header`);
  }
}
