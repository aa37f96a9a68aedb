/** So many lines in a row with the same other number of decimals, and that is the sensor's now. */
const CHANGED_AFTER = 5;

/**
 * How many decimals the sensor sends: its calibration factor fixes them, so a value with another
 * number has lost or gained a character, and is ten times off or worse.
 */
export class Decimals {
  #known: number | null = null;
  #other = { decimals: 0, times: 0 };

  /** Whether anything is known yet. */
  get isKnown(): boolean {
    return this.#known !== null;
  }

  isMoreThan(decimals: number): boolean {
    return this.#known !== null && this.#known > decimals;
  }

  /** Two values agreed, or there is none to compare it with. */
  learn(value: string): void {
    this.#known = decimalsOf(value);
  }

  /**
   * Whether the value has the sensor's number of decimals. One that goes on and on with another is
   * believed in the end: a change of the calibration that nobody saw must not end the recording.
   */
  fits(value: string): boolean {
    const decimals = decimalsOf(value);
    if (decimals === this.#known) this.#other.times = 0;
    else this.#differs(decimals);
    return decimals === this.#known;
  }

  #differs(decimals: number): void {
    const times = decimals === this.#other.decimals ? this.#other.times + 1 : 1;
    this.#other = { decimals, times };
    if (times >= CHANGED_AFTER) this.#known = decimals;
  }
}

export function decimalsOf(value: string): number {
  return value.length - value.indexOf('.') - 1;
}
