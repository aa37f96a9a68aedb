/** Entries of a block: few enough to unpack one for the sake of one entry. */
const BLOCK = 128;

/** Never changed once it is made: copies share it. */
interface Block<T> {
  first: T;
  /** Of the entries, each with a comma before it. */
  json: Buffer;
}

/** Whether an entry comes before what is looked for, in a list that is in order of that. */
export type IsBefore<T> = (entry: T) => boolean;

const ALL = () => false;

/**
 * A list of plain objects that takes little more memory than their JSON, outside of what the
 * garbage collector walks through: a session may have as many chunks as a day has seconds. To go
 * through a long one, take `blocks`, and let others have their turn between two of them.
 */
export class PackedList<T extends object> implements Iterable<T> {
  #blocks: Block<T>[] = [];
  #tail: T[] = [];
  #length = 0;
  #last: T | null = null;
  /** The block that was unpacked last. */
  #unpacked: { block: Block<T> | null; entries: readonly T[] } = { block: null, entries: [] };

  get length(): number {
    return this.#length;
  }

  get last(): T | null {
    return this.#last;
  }

  add(entry: T): void {
    this.#tail.push(entry);
    this.#length += 1;
    this.#last = entry;
    if (this.#tail.length < BLOCK) return;
    this.#blocks.push(blockOf(this.#tail));
    this.#tail = [];
  }

  /** As it is now: what is added later is not in it. */
  copy(): PackedList<T> {
    const copy = new PackedList<T>();
    copy.#blocks = [...this.#blocks];
    copy.#tail = [...this.#tail];
    copy.#length = this.#length;
    copy.#last = this.#last;
    return copy;
  }

  /** The entries from the first that is not before what is looked for, at most 128 at a time. */
  *blocks(isBefore: IsBefore<T> = ALL): Generator<readonly T[]> {
    const place = this.#place(isBefore);
    if (place === null) return;
    yield place.entries.slice(place.entries.indexOf(place.entry));
    for (let at = place.at + 1; at < this.#blocks.length; at += 1) yield this.#entriesAt(at);
    if (place.at < this.#blocks.length && this.#tail.length > 0) yield this.#tail;
  }

  *[Symbol.iterator](): Generator<T> {
    for (const entries of this.blocks()) yield* entries;
  }

  /** The first entry that is not before what is looked for; null where there is none. */
  find(isBefore: IsBefore<T>): T | null {
    return this.#place(isBefore)?.entry ?? null;
  }

  /** Takes that entry out, and gives it. */
  remove(isBefore: IsBefore<T>): T | null {
    const place = this.#place(isBefore);
    if (place === null) return null;
    const { at, entries, entry } = place;
    const left = entries.filter((one) => one !== entry);
    if (at === this.#blocks.length) this.#tail = left;
    else this.#blocks.splice(at, 1, ...(left.length > 0 ? [blockOf(left)] : []));
    this.#length -= 1;
    if (entry === this.#last) this.#last = this.#lastEntry();
    return entry;
  }

  /** JSON from that entry on, with commas between the entries, in pieces. */
  json(isBefore: IsBefore<T> = ALL): Buffer[] {
    const place = this.#place(isBefore);
    if (place === null) return [];
    const { at, entries, entry } = place;
    const begun = packed(entries.slice(entries.indexOf(entry)));
    const whole = this.#blocks.slice(at + 1).map(({ json }) => json);
    const isTail = at === this.#blocks.length || this.#tail.length === 0;
    return [begun.subarray(1), ...whole, ...(isTail ? [] : [packed(this.#tail)])];
  }

  /** Where that entry is: in which block; the tail counts as the one after the last. */
  #place(isBefore: IsBefore<T>): { at: number; entries: readonly T[]; entry: T } | null {
    const begun = this.#blocksBefore(isBefore);
    for (const at of [begun - 1, begun, this.#blocks.length]) {
      const entries = this.#entriesAt(at);
      const entry = entries.find((one) => !isBefore(one));
      if (entry !== undefined) return { at, entries, entry };
    }
    return null;
  }

  /** How many blocks begin before what is looked for. */
  #blocksBefore(isBefore: IsBefore<T>): number {
    let [low, high] = [0, this.#blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const block = this.#blocks[middle];
      if (block && isBefore(block.first)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #lastEntry(): T | null {
    return this.#tail.at(-1) ?? this.#entriesAt(this.#blocks.length - 1).at(-1) ?? null;
  }

  #entriesAt(at: number): readonly T[] {
    const block = this.#blocks[at];
    if (block === undefined) return at < 0 ? [] : this.#tail;
    if (this.#unpacked.block !== block) {
      this.#unpacked = { block, entries: JSON.parse(`[${block.json.toString().slice(1)}]`) };
    }
    return this.#unpacked.entries;
  }
}

function blockOf<T extends object>(entries: readonly T[]): Block<T> {
  return { first: entries[0] as T, json: packed(entries) };
}

const packed = (entries: readonly object[]) =>
  Buffer.from(entries.map((entry) => `,${JSON.stringify(entry)}`).join(''));
