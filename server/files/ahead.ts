/** So many are begun while the one before them is worked on. */
const AT_ONCE = 4;
/** Pieces of each that are waited for at the same time. */
const PIECES = 2;

/**
 * What the sources give, one source after the other, those that follow begun meanwhile: of many small
 * files each would be waited for three or four times.
 */
export async function* ahead<T>(sources: Iterable<AsyncGenerator<T>>): AsyncGenerator<T> {
  const left = sources[Symbol.iterator]();
  const begun: Begun<T>[] = [];
  const begin = () => {
    const { done, value } = left.next();
    if (!done) begun.push(new Begun(value));
  };
  try {
    for (let count = 0; count < AT_ONCE; count += 1) begin();
    for (let source = begun[0]; source !== undefined; source = begun[0]) {
      yield* source.pieces();
      begun.shift();
      begin();
    }
  } finally {
    await Promise.all(begun.map((source) => source.end()));
  }
}

class Begun<T> {
  readonly #source: AsyncGenerator<T>;
  readonly #asked: Promise<IteratorResult<T>>[];

  constructor(source: AsyncGenerator<T>) {
    this.#source = source;
    this.#asked = Array.from({ length: PIECES }, () => source.next());
    // Whoever takes the piece is told.
    for (const piece of this.#asked) piece.catch(() => undefined);
  }

  async *pieces(): AsyncGenerator<T> {
    for (;;) {
      const { done, value } = await (this.#asked.shift() ?? this.#source.next());
      if (done) return;
      yield value;
    }
  }

  async end(): Promise<void> {
    await this.#source.return(undefined);
  }
}
