import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { parseJson } from '../../shared/json.ts';
import { writeDurably } from '../files/durable-file.ts';
import { inTurns } from '../files/in-turns.ts';
import { eachLine } from '../files/line-blocks.ts';
import { copyAside, setAside } from '../files/set-aside.ts';

/** How a file lies on disk to which a line is added for whatever is finalized. */
export interface Ledger {
  /** Lines that say nothing: it was cut. */
  badLines: number;
  /** Bytes; 0 where there is no file, or where the disk does not give it back. */
  size: number;
  sha256: string;
  /** Its last line has its end. */
  isWhole: boolean;
  isUnreadable: boolean;
}

const LINES = 128;

/** Goes through its lines; what `entry` was told of one that is unreadable counts for nothing. */
export async function readLedger<T>(
  path: string,
  schema: z.ZodType<T>,
  entry: (entry: T) => void,
): Promise<Ledger> {
  const hash = createHash('sha256');
  let badLines = 0;
  const read = await eachLine(path, (lines, block) => {
    hash.update(block);
    for (const line of lines.filter((text) => text !== '')) {
      const { success, data } = schema.safeParse(parseJson(line));
      if (success) entry(data);
      else badLines += 1;
    }
  });
  const sha256 = hash.digest('hex');
  if (read !== null) return { ...read, badLines, sha256, isUnreadable: false };
  return { badLines: 0, size: 0, sha256, isWhole: true, isUnreadable: true };
}

/**
 * Makes it hold these entries, whatever was in it. Lines that can't be read, or hold no longer, are
 * kept aside: gives the name under which, or null.
 */
export async function mendLedger(
  path: string,
  before: Ledger,
  entries: Iterable<object>,
): Promise<string | null> {
  const { isUnreadable, badLines } = before;
  const change = await changeOf(before, entries);
  if (change === 'none' && !isUnreadable) return null;
  const isCut = badLines > 0 || change === 'other';
  const kept = isUnreadable ? await setAside(path) : isCut ? await copyAside(path) : null;
  await writeDurably(path, blocksOf(entries));
  return kept;
}

/** What it would be after that: as it is, longer by some lines, or another. */
async function changeOf(
  before: Ledger,
  entries: Iterable<object>,
): Promise<'none' | 'longer' | 'other'> {
  const hash = createHash('sha256');
  let size = 0;
  const isAsBefore = () => size === before.size && hash.copy().digest('hex') === before.sha256;
  for await (const text of inTurns(blocksOf(entries))) {
    for (const line of text.split(/(?<=\n)/)) {
      if (size >= before.size) return isAsBefore() ? 'longer' : 'other';
      hash.update(line);
      size += Buffer.byteLength(line);
    }
  }
  return isAsBefore() ? 'none' : 'other';
}

/** The lines, some at a time. */
function* blocksOf(entries: Iterable<object>): Generator<string> {
  let lines: string[] = [];
  for (const entry of entries) {
    lines.push(`${JSON.stringify(entry)}\n`);
    if (lines.length < LINES) continue;
    yield lines.join('');
    lines = [];
  }
  if (lines.length > 0) yield lines.join('');
}
