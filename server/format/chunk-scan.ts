import { isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isoMicros, parseIsoMicros } from '../../shared/clock.ts';
import type { Range, Ranges } from '../files/ranges.ts';
import { readableBlocks } from '../files/readable-blocks.ts';
import { isUnreadable } from '../files/storage-error.ts';
import type { RowFacts, RowReader } from './row-format.ts';

/** No row is longer: what is, is no row, and need not be held in memory as a whole. */
const LINE_BYTES = 64 * 1024;
const LF = 0x0a;

/** What stands in a chunk, row by row. */
export interface ChunkScan extends Ranges {
  /** Bytes of the whole file. */
  size: number;
  /** Whole rows, and the header, in order. */
  good: Range[];
  /** Everything else: torn, empty, zero-filled, garbled, or a row that stands there already. */
  bad: Range[];
  rows: number;
  first: RowFacts | null;
  last: RowFacts | null;
  /** SHA-256 of the good ranges, hex. */
  sha256: string;
  /** Has taken the good ranges. */
  hash: Hash;
}

/** Bytes before `at` are known to be good, and `hash` has taken them. */
export interface ScanStart {
  at: number;
  hash: Hash;
}

/** Reads a chunk and checks each of its lines. */
export async function scanChunk(
  path: string,
  format: RowReader,
  from: ScanStart = { at: 0, hash: createHash('sha256') },
): Promise<ChunkScan> {
  const scanner = new Scanner(format, from);
  let unreadable = 0;
  const onUnreadable = (bytes: number) => {
    unreadable += bytes;
  };
  for await (const block of readableBlocks(path, { start: from.at, onUnreadable })) {
    scanner.take(block);
  }
  return { ...scanner.end(), unreadable };
}

/** A file of which too much can't be read counts as one of which nothing can. */
export async function scanReadable(path: string, format: RowReader): Promise<ChunkScan> {
  try {
    return await scanChunk(path, format);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const { size } = await stat(path);
    const nothing = { rows: 0, first: null, last: null, good: [], bad: [{ start: 0, end: size }] };
    const hash = createHash('sha256');
    return { ...nothing, size, unreadable: size, hash, sha256: hash.copy().digest('hex') };
  }
}

class Scanner {
  readonly #format: RowReader;
  readonly #hash: Hash;
  readonly #good: Range[] = [];
  readonly #bad: Range[] = [];
  /** The line that has begun: its bytes, unless it is too long to be a row. */
  #begun: Buffer[] = [];
  #begunBytes = 0;
  #lineStart: number;
  #rows = 0;
  #first: RowFacts | null = null;
  #last: RowFacts | null = null;

  constructor(format: RowReader, { at, hash }: ScanStart) {
    this.#format = format;
    this.#hash = hash;
    this.#lineStart = at;
    if (at > 0) this.#good.push({ start: 0, end: at });
  }

  take(block: Buffer): void {
    let from = 0;
    for (let at = block.indexOf(LF); at >= 0; at = block.indexOf(LF, from)) {
      this.#begin(block.subarray(from, at + 1));
      this.#endLine();
      from = at + 1;
    }
    if (from < block.length) this.#begin(Buffer.from(block.subarray(from)));
  }

  end(): Omit<ChunkScan, 'unreadable'> {
    const size = this.#lineStart + this.#begunBytes;
    if (this.#begunBytes > 0) extend(this.#bad, { start: this.#lineStart, end: size });
    return {
      size,
      good: this.#good,
      bad: this.#bad,
      rows: this.#rows,
      first: this.#first,
      last: this.#last,
      sha256: this.#hash.copy().digest('hex'),
      hash: this.#hash,
    };
  }

  #begin(bytes: Buffer): void {
    this.#begunBytes += bytes.length;
    if (this.#begunBytes <= LINE_BYTES) this.#begun.push(bytes);
    else this.#begun = [];
  }

  #endLine(): void {
    const end = this.#lineStart + this.#begunBytes;
    const bytes = this.#begun.length === 1 ? this.#begun[0] : Buffer.concat(this.#begun);
    const isText = bytes !== undefined && isUtf8(bytes);
    const isGood = isText && this.#isGood(bytes.toString('utf8'));
    if (isGood) this.#hash.update(bytes);
    extend(isGood ? this.#good : this.#bad, { start: this.#lineStart, end });
    this.#lineStart = end;
    this.#begun = [];
    this.#begunBytes = 0;
  }

  #isGood(line: string): boolean {
    if (this.#lineStart === 0 && line === this.#format.header) return true;
    const row = this.#format.read(line.slice(0, -1));
    if (row === null) return false;
    const before = this.#last?.seq ?? null;
    if (row.seq !== null && before !== null && row.seq <= before) return false;
    this.#rows += 1;
    this.#first ??= row;
    this.#last = row;
    return true;
  }
}

function extend(ranges: Range[], range: Range): void {
  const last = ranges.at(-1);
  if (last?.end === range.start) last.end = range.end;
  else ranges.push(range);
}

/** A row's time as UTC microseconds. */
export function wallMicrosOf(row: RowFacts): number {
  return parseIsoMicros(row.timestamp);
}

/** A row's time in the form of the manifest, whatever the format's own. */
export function timestampOf(row: RowFacts): string {
  return isoMicros(wallMicrosOf(row));
}
