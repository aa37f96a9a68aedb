import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { parseJson } from '../../../shared/json.ts';
import type { Gap } from '../../../shared/series/gaps.ts';
import { eachLine } from '../../files/line-blocks.ts';
import type { ChunkSums } from '../../format/chunk-sums.ts';
import { type Bin, Bins } from './preview-bins.ts';
import { type PictureHead, SessionPicture } from './session-picture.ts';

/** Counts up when the method changes: what an older one has made is made anew. */
const METHOD = 2;
const LINES = 500;

/** Number, count, min, max, sum, microseconds of the first reading. */
type StoredBin = [number, number, number, number, number, number];
type StoredGap = [number, number];

interface StoredHead extends PictureHead {
  method: number;
  width: number;
}

/**
 * Writes what was made of a session's chunks, a line for each bin and gap, some at a time. The last
 * line is the check sum of the others: a file that a power cut tore is no picture.
 */
export async function keepPicture(path: string, picture: SessionPicture): Promise<void> {
  const unfinished = `${path}.tmp`;
  await writeFile(unfinished, blocks(picture));
  await rename(unfinished, path);
}

function* blocks(picture: SessionPicture): Generator<string> {
  const hash = createHash('sha256');
  let block = '';
  let count = 0;
  for (const line of lines(picture)) {
    block += `${JSON.stringify(line)}\n`;
    count += 1;
    if (count % LINES > 0) continue;
    hash.update(block);
    yield block;
    block = '';
  }
  yield `${block}${JSON.stringify(hash.update(block).digest('hex'))}\n`;
}

function* lines({
  head,
  bins,
  gaps,
}: SessionPicture): Generator<StoredHead | StoredBin | StoredGap> {
  yield { ...head, method: METHOD, width: bins.width };
  for (const [number, { count, min, max, sum, firstMicros }] of bins.entries) {
    yield [number, count, min, max, sum, firstMicros];
  }
  for (const { from, to } of gaps.gaps) yield [from, to];
}

/**
 * What was kept; null where nothing was, or it is of other chunks than there are. `sumsUpTo` gives
 * what the chunks up to an index add up to now.
 */
export async function keptPicture(
  path: string,
  sumsUpTo: (index: number) => Promise<ChunkSums>,
): Promise<SessionPicture | null> {
  const reader = new Reader();
  const read = await eachLine(path, (some) => {
    for (const line of some) reader.take(line);
  });
  if (read === null) throw new Error('the disk does not give it back');
  const found = reader.end();
  if (found === null) return null;
  const { head, bins, gaps } = found;
  const sums = await sumsUpTo(head.lastIndex);
  return sums.state === head.state ? SessionPicture.restored(head, bins, gaps, sums) : null;
}

/** Takes the lines one after the other; what it has made of them counts once the check sum is right. */
class Reader {
  readonly #hash = createHash('sha256');
  #last: string | null = null;
  #head: StoredHead | null = null;
  #bins = new Bins();
  #gaps: Gap[] = [];
  #isOther = false;

  take(line: string): void {
    if (this.#last !== null) this.#takeInner(this.#last);
    this.#last = line;
  }

  end() {
    const isWhole = parseJson(this.#last ?? '') === this.#hash.digest('hex');
    if (this.#head === null || this.#isOther || !isWhole) return null;
    return { head: this.#head, bins: this.#bins, gaps: this.#gaps };
  }

  #takeInner(line: string): void {
    if (this.#isOther) return;
    this.#hash.update(`${line}\n`);
    const value = parseJson(line);
    if (this.#head === null) this.#begin(value as Partial<StoredHead> | undefined);
    else if (Array.isArray(value)) this.#add(value as StoredBin | StoredGap);
  }

  #begin(head: Partial<StoredHead> | undefined): void {
    this.#isOther = head?.method !== METHOD;
    if (this.#isOther) return;
    this.#head = head as StoredHead;
    this.#bins = new Bins(this.#head.width);
  }

  #add(entry: StoredBin | StoredGap): void {
    if (entry.length === 2) this.#gaps.push({ from: entry[0], to: entry[1] });
    else {
      const [number, count, min, max, sum, firstMicros] = entry;
      const bin: Bin = { count, min, max, sum, firstMicros };
      this.#bins.merge(number, this.#bins.width, bin);
    }
  }
}
