import type { Gap } from '../../../shared/series/gaps.ts';
import { readSummedLines, writeSummedLines } from '../../files/summed-lines.ts';
import type { ChunkSums } from '../../format/chunk-sums.ts';
import { type Bin, Bins } from './preview-bins.ts';
import { type PictureHead, SessionPicture } from './session-picture.ts';

/** Counts up when the method changes: what an older one has made is made anew. */
const METHOD = 2;

/** Number, count, min, max, sum, microseconds of the first reading. */
type StoredBin = [number, number, number, number, number, number];
type StoredGap = [number, number];

interface StoredHead extends PictureHead {
  method: number;
  width: number;
}

/** Writes what was made of a session's chunks: a line for each bin and gap. */
export function keepPicture(path: string, picture: SessionPicture): Promise<void> {
  return writeSummedLines(path, lines(picture));
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
  const isWhole = await readSummedLines(path, (value) => reader.take(value));
  if (!isWhole) return null;
  const found = reader.end();
  if (found === null) return null;
  const { head, bins, gaps } = found;
  const sums = await sumsUpTo(head.lastIndex);
  return sums.state === head.state ? SessionPicture.restored(head, bins, gaps, sums) : null;
}

/** Takes the lines one after the other. */
class Reader {
  #head: StoredHead | null = null;
  #bins = new Bins();
  #gaps: Gap[] = [];
  #isOther = false;

  take(value: unknown): void {
    if (this.#isOther) return;
    if (this.#head === null) this.#begin(value as Partial<StoredHead> | undefined);
    else if (Array.isArray(value)) this.#add(value as StoredBin | StoredGap);
  }

  /** null: it was made in another way. */
  end() {
    return this.#head && { head: this.#head, bins: this.#bins, gaps: this.#gaps };
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
