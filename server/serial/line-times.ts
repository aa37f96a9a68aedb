import type { Instant } from '../../shared/clock.ts';

/** Start bit, eight of data, stop bit. */
const BITS_PER_BYTE = 10;
/** Lines this much nearer or farther than the sensor's pace do not follow it. */
const NEAR = 0.75;
const FAR = 1.25;
/** The pace is that of the last so many lines; of fewer than the least, what the device was told. */
const MOST_LINES = 64;
const LEAST_LINES = 8;
/** A distance of so many paces is a pause: what was before it says nothing of what comes. */
const PAUSE = 4;
/** As exact as times are told. */
const LEAST_S = 1e-6;

/** What one read of the port brought. */
export interface Read {
  at: Instant;
  /** Bytes that came after the end of each line, in the same read. */
  behind: readonly number[];
  /** Seconds between lines of a device that samples; null: they follow no pace. */
  paceS: number | null;
  /** Seconds that this process was held up since the read before. */
  heldUpS: number;
}

/**
 * When the lines of a read ended. An adapter hands over what it gathered in 16 ms, and a process that
 * was held up reads many lines at once: they were not sent at one moment. A line ended earlier than
 * the read by the time that the bytes behind it needed, and lines of a pace keep their distance.
 * No line ends before the one that came before it.
 */
export class LineTimes {
  readonly #byteS: number;
  #last: number | null = null;
  /** Of the lines since the last pause, at the pace that was told. */
  #recent: number[] = [];
  #toldS: number | null = null;

  constructor(baud: number) {
    this.#byteS = BITS_PER_BYTE / baud;
  }

  /** Monotonic seconds of the newest line; null before the first. */
  get last(): number | null {
    return this.#last;
  }

  /** The time of each line, oldest first. */
  ends(read: Read): Instant[] {
    const byBytes = read.behind.map((bytes) => read.at.mono - bytes * this.#byteS);
    const byPace = this.#byPace(byBytes, read);
    return byBytes.map((latest, place) => {
      const mono = this.#after(Math.min(latest, byPace[place] ?? latest));
      this.#keep(mono);
      const wallMicros = read.at.wallMicros - Math.round((read.at.mono - mono) * 1e6);
      return { wallMicros, mono };
    });
  }

  #after(mono: number): number {
    const least = this.#last === null ? mono : this.#last + LEAST_S;
    this.#last = Math.max(mono, least);
    return this.#last;
  }

  /** Empty where nothing is known of a pace, or the lines do not follow it. */
  #byPace(byBytes: readonly number[], { paceS, heldUpS }: Read): readonly number[] {
    const [last, end] = [this.#last, byBytes.at(-1)];
    if (paceS === null || last === null || end === undefined) return [];
    const pace = this.#pace(paceS);
    const even = (end - last) / byBytes.length;
    if (even < NEAR * pace) return [];
    if (even > FAR * pace) {
      const offset = (place: number) => (place + 1) * pace;
      // Of what waited for a process that was held up, the oldest came first; else the pause did.
      if (heldUpS > 0) return byBytes.map((_, place) => last + offset(place));
      return byBytes.map((_, place) => end - offset(byBytes.length - 2 - place));
    }
    return byBytes.map((_, place) => last + (place + 1) * even);
  }

  #pace(toldS: number): number {
    if (toldS !== this.#toldS) this.#recent = [];
    this.#toldS = toldS;
    return this.#recent.length > LEAST_LINES ? this.#measured() : toldS;
  }

  #measured(): number {
    const [first = 0, newest = 0] = [this.#recent[0], this.#recent.at(-1)];
    return (newest - first) / (this.#recent.length - 1);
  }

  #keep(mono: number): void {
    const before = this.#recent.at(-1);
    const paused = before !== undefined && mono - before > PAUSE * this.#pace(this.#toldS ?? 0);
    if (paused) this.#recent = [];
    this.#recent.push(mono);
    if (this.#recent.length > MOST_LINES) this.#recent.shift();
  }
}
