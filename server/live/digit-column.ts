/** Marks in the column of decimals, above what toFixed takes (0 to 100). */
const ABSENT = 255;
const AS_TEXT = 254;
const MOST_DECIMALS = 100;

/**
 * Decimal numbers of a fixed number of slots, given back with the very digits
 * they came with: a number and its count of decimals, checked when it is set.
 * What a number can't hold exactly (too many digits, -0, exponents) stays text.
 */
export class DigitColumn {
  readonly #numbers: Float64Array | Float32Array;
  readonly #decimals: Uint8Array;
  readonly #texts: Map<number, string>;

  constructor(numbers: Float64Array | Float32Array) {
    this.#numbers = numbers;
    this.#decimals = new Uint8Array(numbers.length).fill(ABSENT);
    this.#texts = new Map();
  }

  set(slot: number, text: string | null): void {
    if (this.#decimals[slot] === AS_TEXT) this.#texts.delete(slot);
    this.#decimals[slot] = text === null ? ABSENT : this.#store(slot, text);
  }

  get(slot: number): string | null {
    const decimals = this.#decimals[slot] ?? ABSENT;
    if (decimals === ABSENT) return null;
    if (decimals === AS_TEXT) return this.#texts.get(slot) ?? null;
    return (this.#numbers[slot] ?? Number.NaN).toFixed(decimals);
  }

  /** Takes over a slot of another column. */
  copy(slot: number, from: DigitColumn, fromSlot: number): void {
    const text = from.#texts.get(fromSlot);
    if (text !== undefined) this.#texts.set(slot, text);
    this.#numbers[slot] = from.#numbers[fromSlot] ?? 0;
    this.#decimals[slot] = from.#decimals[fromSlot] ?? ABSENT;
  }

  #store(slot: number, text: string): number {
    const point = text.indexOf('.');
    const decimals = point < 0 ? 0 : text.length - point - 1;
    this.#numbers[slot] = Number(text);
    if (decimals <= MOST_DECIMALS && this.#numbers[slot]?.toFixed(decimals) === text) {
      return decimals;
    }
    this.#texts.set(slot, text);
    return AS_TEXT;
  }
}
