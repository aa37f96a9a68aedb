import type { Instant } from '../../shared/clock.ts';
import { type Decimals, decimalsOf } from './decimals.ts';
import type { Digits } from './line.ts';

/** A reading in the shape that the menu announced. */
export interface Candidate {
  digits: Digits;
  at: Instant;
  line: string;
  /** Something besides its decimals shows that nothing of the line is missing. */
  isWhole: boolean;
}

export interface FirstReadingsListener {
  reading(candidate: Candidate): void;
  rejected(reason: 'garbled' | 'cut_short', candidate: Candidate): void;
}

/** A slow sensor's first reading is believed after so long: the second may be hours away. */
const ALONE_MS = 3000;
/** A timer that is later than that says that this process was held up: there may be more to read. */
const LATE_MS = 100;

/**
 * Holds the first readings until two agree in their decimals: the very first may be the garbled one,
 * and would else have all that follow it rejected. What comes after is judged by what was learnt.
 */
export class FirstReadings {
  readonly #decimals: Decimals;
  readonly #listener: FirstReadingsListener;
  #held: Candidate[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(decimals: Decimals, listener: FirstReadingsListener) {
    this.#decimals = decimals;
    this.#listener = listener;
  }

  take(candidate: Candidate): void {
    if (this.#decimals.isKnown) this.#judge(candidate);
    else this.#hold(candidate);
  }

  /** A line of its own came after the last one: nothing of that is missing. */
  followed(): void {
    const last = this.#held.at(-1);
    if (last) last.isWhole = true;
  }

  #hold(candidate: Candidate): void {
    const agrees = ({ digits }: Candidate) =>
      decimalsOf(digits.value) === decimalsOf(candidate.digits.value);
    const isSure = this.#held.some(agrees);
    this.#held.push(candidate);
    if (isSure) this.#learnFrom(candidate);
    else if (this.#timer === undefined) this.#waitFor(ALONE_MS);
  }

  /**
   * The device resets, or a row that is no reading is about to come. A line that may be cut is not
   * believed; another that stands alone is; of several that disagree none is.
   */
  flushPending(): void {
    const last = this.#held.at(-1);
    if (last && !last.isWhole) {
      this.#held.pop();
      this.#listener.rejected('cut_short', last);
    }
    this.#believeAlone();
  }

  #believeAlone(): void {
    const [only] = this.#held;
    if (only && this.#held.length === 1) this.#decimals.learn(only.digits.value);
    this.#release();
  }

  #learnFrom({ digits }: Candidate): void {
    this.#decimals.learn(digits.value);
    this.#release();
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#held;
    this.#held = [];
    for (const candidate of held) this.#judge(candidate);
  }

  #waitFor(milliseconds: number): void {
    const due = performance.now() + milliseconds;
    this.#timer = setTimeout(() => {
      if (performance.now() - due > LATE_MS) this.#waitFor(milliseconds);
      else this.#believeAlone();
    }, milliseconds);
  }

  #judge(candidate: Candidate): void {
    const { value } = candidate.digits;
    const isCut = !candidate.isWhole && this.#decimals.isMoreThan(decimalsOf(value));
    const fits = this.#decimals.fits(value);
    if (fits) this.#listener.reading(candidate);
    else this.#listener.rejected(isCut ? 'cut_short' : 'garbled', candidate);
  }
}
