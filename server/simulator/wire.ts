import type { Emission } from './processor.ts';

/** What came off the wire: its bytes, and the emissions that they complete. */
export interface Released {
  bytes: Buffer;
  completed: Emission[];
}

/** Rounding must not hold back a byte that is due. */
const TOLERANCE = 1e-6;

/** The device's transmitter: gives each byte of an emission when its last bit has left. */
export class Wire {
  #queue: Emission[] = [];
  /** Bytes of the first emission that have left. */
  #left = 0;

  add(emissions: readonly Emission[]): void {
    this.#queue.push(...emissions);
  }

  /** When the next byte has left (device seconds); Infinity: nothing is under way. */
  get nextByteAt(): number {
    const head = this.#queue[0];
    if (!head) return Number.POSITIVE_INFINITY;
    return head.start + (head.end - head.start) * ((this.#left + 1) / head.text.length);
  }

  /** When the emission under way has left entirely. */
  get nextEndAt(): number {
    return this.#queue[0]?.end ?? Number.POSITIVE_INFINITY;
  }

  /** Whether an emission has left in part. */
  get isUnderWay(): boolean {
    return this.#left > 0;
  }

  /** All bytes that have left by `now`. */
  release(now: number): Released {
    let text = '';
    let done = 0;
    for (const emission of this.#queue) {
      const until = bytesBy(emission, now);
      text += emission.text.slice(this.#left, until);
      this.#left = until;
      if (until < emission.text.length) break;
      this.#left = 0;
      done += 1;
    }
    return { bytes: Buffer.from(text, 'latin1'), completed: this.#queue.splice(0, done) };
  }

  /** The emission of which nothing but its line end is still to come, or null. */
  get unended(): Emission | null {
    const head = this.#queue[0];
    return head && this.#left > 0 && this.#left >= head.text.trimEnd().length ? head : null;
  }

  /** A reset: what has not left never will. */
  clear(): void {
    this.#queue = [];
    this.#left = 0;
  }
}

function bytesBy({ text, start, end }: Emission, now: number): number {
  if (now >= end - TOLERANCE) return text.length;
  const share = (now - start + TOLERANCE) / (end - start);
  return Math.max(0, Math.floor(share * text.length));
}
