/** A file in a ZIP archive, before it is read. */
export interface Member {
  /** With slashes between folders. */
  name: string;
  /** When it was written. */
  modified: Date;
  /** Bytes, where they are known; a file of 4 GB or more has to say so. */
  size?: number;
}

/** What reading a member told. */
export interface Sums {
  crc: number;
  /** Bytes of it. */
  size: number;
  /** Bytes of it in the archive. */
  packed: number;
}

/** Numbers from here on need the fields of 64 bits. */
const LARGE = 0xf000_0000;
const MANY = 0xffff;
const INSTEAD = 0xffff_ffff;
/** Sums follow the bytes; the name is UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
/** Of UNIX, with what 64 bits need. */
const MADE_BY = (3 << 8) | 45;
/** A file that its owner may change, and everybody may read. */
const ATTRIBUTES = 0o100644 * 0x1_0000;

const LOCAL = 30;
const DESCRIPTOR = { short: 16, long: 24 };
const RECORD = 46;
const TIMES = 9;
const WIDE = { local: 20, record: 28 };
const END = { short: 22, long: 56 + 20 };

export const isLarge = ({ size = 0 }: Pick<Member, 'size'>): boolean => size >= LARGE;

/** What stands before the bytes of a member. */
export function localHeader(member: Member, isStored: boolean): Buffer {
  const name = Buffer.from(member.name);
  const wide = isLarge(member) ? wideField(WIDE.local, [0, 0]) : Buffer.alloc(0);
  const head = Buffer.alloc(LOCAL);
  head.writeUInt32LE(0x0403_4b50, 0);
  about(head, 4, member, isStored);
  if (isLarge(member)) head.fill(0xff, 18, 26);
  head.writeUInt16LE(name.length, 26);
  head.writeUInt16LE(TIMES + wide.length, 28);
  return Buffer.concat([head, name, timesField(member), wide]);
}

/** What stands after them. */
export function descriptor(member: Member, { crc, size, packed }: Sums): Buffer {
  const long = isLarge(member);
  const bytes = Buffer.alloc(long ? DESCRIPTOR.long : DESCRIPTOR.short);
  bytes.writeUInt32LE(0x0807_4b50, 0);
  bytes.writeUInt32LE(crc, 4);
  if (long) {
    bytes.writeBigUInt64LE(BigInt(packed), 8);
    bytes.writeBigUInt64LE(BigInt(size), 16);
  } else {
    bytes.writeUInt32LE(packed, 8);
    bytes.writeUInt32LE(size, 12);
  }
  return bytes;
}

/** What the directory at the archive's end says of it; `offset`: where its header begins. */
export function directoryRecord(
  member: Member,
  { crc, size, packed }: Sums,
  offset: number,
  isStored: boolean,
): Buffer {
  const name = Buffer.from(member.name);
  const isWide = isLarge(member) || offset >= LARGE;
  const wide = isWide ? wideField(WIDE.record, [size, packed, offset]) : Buffer.alloc(0);
  const head = Buffer.alloc(RECORD);
  head.writeUInt32LE(0x0201_4b50, 0);
  head.writeUInt16LE(MADE_BY, 4);
  about(head, 6, member, isStored);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(isWide ? INSTEAD : packed, 20);
  head.writeUInt32LE(isWide ? INSTEAD : size, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt16LE(TIMES + wide.length, 30);
  head.writeUInt32LE(ATTRIBUTES, 38);
  head.writeUInt32LE(isWide ? INSTEAD : offset, 42);
  return Buffer.concat([head, name, timesField(member), wide]);
}

/** The last bytes of an archive with so many members, whose directory lies there. */
export function directoryEnd(count: number, size: number, offset: number): Buffer {
  const isWide = isFar(count, size, offset);
  const end = Buffer.alloc(END.short);
  end.writeUInt32LE(0x0605_4b50, 0);
  for (const at of [8, 10]) end.writeUInt16LE(isWide ? MANY : count, at);
  end.writeUInt32LE(isWide ? INSTEAD : size, 12);
  end.writeUInt32LE(isWide ? INSTEAD : offset, 16);
  return isWide ? Buffer.concat([wideEnd(count, size, offset), end]) : end;
}

/** Length of an archive without compression, added up member by member. */
export class StoredLength {
  #count = 0;
  #members = 0;
  #directory = 0;

  add(member: Omit<Required<Member>, 'modified'>): void {
    const name = Buffer.byteLength(member.name);
    const [long, far] = [isLarge(member), this.#members >= LARGE];
    this.#directory += RECORD + name + TIMES + (long || far ? WIDE.record : 0);
    this.#members += LOCAL + name + TIMES + (long ? WIDE.local : 0) + member.size;
    this.#members += long ? DESCRIPTOR.long : DESCRIPTOR.short;
    this.#count += 1;
  }

  get bytes(): number {
    const isWide = isFar(this.#count, this.#directory, this.#members);
    return this.#members + this.#directory + END.short + (isWide ? END.long : 0);
  }
}

const isFar = (count: number, ...sizes: number[]): boolean =>
  count >= MANY || sizes.some((size) => size >= LARGE);

/** From the version that is needed to the time. */
function about(head: Buffer, at: number, { modified, size }: Member, isStored: boolean): void {
  head.writeUInt16LE(isLarge({ size: size ?? 0 }) ? 45 : 20, at);
  head.writeUInt16LE(FLAGS, at + 2);
  head.writeUInt16LE(isStored ? 0 : DEFLATED, at + 4);
  const [date, time] = oldTime(modified);
  head.writeUInt16LE(time, at + 6);
  head.writeUInt16LE(date, at + 8);
}

/** As DOS wrote times, for unpackers that know no others: of no zone, here UTC; from 1980 to 2107. */
function oldTime(time: Date): [date: number, time: number] {
  const year = time.getUTCFullYear() - 1980;
  if (!(year >= 0 && year < 128)) return [(1 << 5) | 1, 0];
  const date = (year << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
  const seconds = time.getUTCSeconds() >> 1;
  return [date, (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | seconds];
}

/** When it was written, in UTC: the field of Info-ZIP that unpackers read. */
function timesField({ modified }: Member): Buffer {
  const seconds = Math.floor(modified.getTime() / 1000);
  const field = Buffer.alloc(TIMES);
  field.writeUInt16LE(0x5455, 0);
  field.writeUInt16LE(TIMES - 4, 2);
  field.writeUInt8(1, 4);
  field.writeInt32LE(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, seconds)), 5);
  return field;
}

function wideField(length: number, numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(length - 4, 2);
  numbers.forEach((number, place) => {
    field.writeBigUInt64LE(BigInt(number), 4 + 8 * place);
  });
  return field;
}

/** The directory's end in 64 bits, and what says where it is. */
function wideEnd(count: number, size: number, offset: number): Buffer {
  const bytes = Buffer.alloc(END.long);
  bytes.writeUInt32LE(0x0606_4b50, 0);
  bytes.writeBigUInt64LE(44n, 4);
  bytes.writeUInt16LE(MADE_BY, 12);
  bytes.writeUInt16LE(45, 14);
  for (const at of [24, 32]) bytes.writeBigUInt64LE(BigInt(count), at);
  bytes.writeBigUInt64LE(BigInt(size), 40);
  bytes.writeBigUInt64LE(BigInt(offset), 48);
  bytes.writeUInt32LE(0x0706_4b50, 56);
  bytes.writeBigUInt64LE(BigInt(offset + size), 64);
  bytes.writeUInt32LE(1, 72);
  return bytes;
}
