import { type Gap, GapFinder, isGap } from '../../../shared/series/gaps.ts';

/** How far apart the readings of a chunk are; times in milliseconds since the session began. */
export interface Spacing {
  /** Of its first and last reading; null: it has none. */
  first: number | null;
  last: number | null;
  /** The usual time between two readings; 0: it has not two. */
  period: number;
  gaps: Gap[];
}

/** Of more, the longest are kept: the others can't be seen beside them. */
const MOST_GAPS = 2000;

/** Takes the readings of a chunk, in order. */
export class SpacingMeter {
  readonly #finder = new GapFinder();
  #first: number | null = null;
  #last: number | null = null;

  /** Seconds since the session began. */
  push(elapsed: number): void {
    const time = elapsed * 1000;
    this.#first ??= time;
    this.#last = time;
    this.#finder.push(time);
  }

  get spacing(): Spacing {
    const { gaps, periodMs: period } = this.#finder;
    return { first: this.#first, last: this.#last, period, gaps: [...gaps] };
  }
}

/** The gaps of a session, chunk after chunk, those between chunks too. */
export class SessionGaps {
  #gaps: Gap[] = [];
  #last: number | null = null;
  #period = 0;

  /** Ascending. */
  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /** The usual time between two readings of the newest chunk, milliseconds; 0: not known. */
  get periodMs(): number {
    return this.#period;
  }

  /** Of all that was added; what is added to another one goes on from there. */
  get spacing(): Spacing {
    return { first: this.#last, last: this.#last, period: this.#period, gaps: this.#gaps };
  }

  add({ first, last, period, gaps }: Spacing): void {
    if (first === null || last === null) return;
    if (this.#last !== null) this.#judge({ from: this.#last, to: first }, period);
    this.#gaps.push(...gaps);
    this.#last = last;
    if (period > 0) this.#period = period;
    if (this.#gaps.length > MOST_GAPS) this.#keepLongest();
  }

  /** The slower of two chunks tells what is usual between them; of single readings the last distance. */
  #judge(gap: Gap, period: number): void {
    const distance = gap.to - gap.from;
    const usual = Math.max(this.#period, period) || distance;
    if (isGap(distance, usual)) this.#gaps.push(gap);
    else if (period === 0) this.#period = distance;
  }

  #keepLongest(): void {
    const length = ({ from, to }: Gap) => to - from;
    const longest = this.#gaps.toSorted((a, b) => length(b) - length(a)).slice(0, MOST_GAPS / 2);
    this.#gaps = longest.sort((a, b) => a.from - b.from);
  }
}
