import { type Instant, laterThan } from '../../shared/clock.ts';

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
  #last: Instant | null = null;
  /** Of the lines since the last pause, at the pace that was told. */
  #recent: number[] = [];
  #toldS: number | null = null;

  constructor(baud: number) {
    this.#byteS = BITS_PER_BYTE / baud;
  }

  /** The time of each line, oldest first. */
  ends(read: Read): Instant[] {
    const byBytes = read.behind.map((bytes) => read.at.mono - bytes * this.#byteS);
    const byPace = this.#byPace(byBytes, read);
    return byBytes.map((latest, place) => {
      const mono = Math.min(latest, byPace[place] ?? latest);
      const wallMicros = read.at.wallMicros - Math.round((read.at.mono - mono) * 1e6);
      return this.#keep({ wallMicros, mono });
    });
  }

  /** Empty where nothing is known of a pace, or the lines do not follow it. */
  #byPace(byBytes: readonly number[], { paceS, heldUpS }: Read): readonly number[] {
    const [last, end] = [this.#last?.mono, byBytes.at(-1)];
    if (paceS === null || last === undefined || end === undefined) return [];
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

  /** The line's time, which no other line has. */
  #keep(given: Instant): Instant {
    const end = this.#last === null ? given : laterThan(given, this.#last);
    this.#last = end;
    const before = this.#recent.at(-1);
    const paused = before !== undefined && end.mono - before > PAUSE * this.#pace(this.#toldS ?? 0);
    if (paused) this.#recent = [];
    this.#recent.push(end.mono);
    if (this.#recent.length > MOST_LINES) this.#recent.shift();
    return end;
  }
}
