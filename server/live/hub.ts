import { randomInt } from 'node:crypto';
import type { z } from 'zod';
import type { sensorRoutes } from '../../shared/api/sensor.ts';
import { type Clock, isoMicros } from '../../shared/clock.ts';
import type { Reading } from '../../shared/reading.ts';
import { rowPrefix } from '../../shared/row.ts';
import { ReadingRing } from './reading-ring.ts';

/** 300 s, the most that /recent gives, at the 500 Hz that the sensor can do. */
const RING_READINGS = 150_000;
const RATE_WINDOW_S = 10;
/** At slow rates fewer readings than this lie in the window: then look back further. */
const RATE_READINGS = 4;
/** A rate is stale after this many periods without a reading, but not before STALE_S. */
const STALE_PERIODS = 3;
const STALE_S = 2;
/** What clients are told when there has been no reading: they compare it with a limit. */
const NO_READING_AGE_S = 999;

export type LiveStats = z.infer<(typeof sensorRoutes)['stats']['reply']>;

/** `prefix` is the row without its closing brace (see shared/row.ts). */
export type ReadingListener = (prefix: string, reading: Reading) => void;

/** The newest readings, what they add up to, and everyone who watches them. */
export class LiveHub {
  readonly #clock: Clock;
  readonly #ring = new ReadingRing(RING_READINGS);
  readonly #listeners = new Set<ReadingListener>();
  #first: Reading | null = null;
  #last: Reading | null = null;
  #count = 0;
  /** Number of the first reading. Each start of the service begins elsewhere, so that one of an earlier start is none of this. */
  readonly firstSeq = randomInt(2 ** 27) * 2 ** 25;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes the next reading; `prefix` spares making the row's text a second time. */
  push(reading: Reading, prefix?: string): void {
    this.#ring.push(reading);
    this.#first ??= reading;
    this.#last = reading;
    this.#count += 1;
    if (this.#listeners.size === 0) return;
    const text = prefix ?? rowPrefix(reading);
    for (const listener of this.#listeners) listener(text, reading);
  }

  /** Calls `listener` for every reading from now on, until the returned function is called. */
  subscribe(listener: ReadingListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Number of the next reading: it counts up by one with each. */
  get nextSeq(): number {
    return this.firstSeq + this.#count;
  }

  /** Number of the oldest reading that is still in memory; the next one's where there is none. */
  get oldestSeq(): number {
    return this.nextSeq - this.#ring.size;
  }

  /** Rows from a number on that is in memory, at most so many, as they are now. */
  rowsFrom(seq: number, most: number): string[] {
    const from = seq - this.oldestSeq;
    const readings = Array.from({ length: most }, (_, place) => this.#ring.at(from + place));
    return readings.flatMap((reading) => (reading === null ? [] : [`${rowPrefix(reading)}}`]));
  }

  /** Readings since the server started. */
  get count(): number {
    return this.#count;
  }

  /** The newest reading, or null. */
  get last(): Reading | null {
    return this.#last;
  }

  /** The newest reading as a row of JSON, or null. */
  latest(): string | null {
    return this.#last === null ? null : `${rowPrefix(this.#last)}}`;
  }

  /** The rows of the last seconds, oldest first, as they are now. */
  recent(seconds: number): Iterable<string> {
    return this.#ring.copy(this.#ring.since(this.#clock.now().mono - seconds)).rows();
  }

  /** Seconds since the last reading on the monotonic clock; 999.0 when there was none. */
  lastReadingAge(): number {
    if (this.#last === null) return NO_READING_AGE_S;
    return Math.max(0, this.#clock.now().mono - this.#last.mono);
  }

  /** Readings a second, measured over the last ones; 0 when they have stopped coming. */
  sampleRate(): number {
    const newest = this.#ring.size - 1;
    const end = this.#ring.monoAt(newest);
    const from = Math.max(
      0,
      Math.min(this.#ring.since(end - RATE_WINDOW_S), newest + 1 - RATE_READINGS),
    );
    const period = (end - this.#ring.monoAt(from)) / (newest - from);
    const stale = this.lastReadingAge() > Math.max(STALE_S, STALE_PERIODS * period);
    return period > 0 && !stale ? 1 / period : 0;
  }

  stats(): LiveStats {
    const first = this.#first;
    const last = this.#last;
    return {
      row_count: this.#count,
      start_time: first && isoMicros(first.wallMicros),
      end_time: last && isoMicros(last.wallMicros),
      duration_s: first && last && last.mono - first.mono,
      est_sample_rate_hz: last && this.sampleRate(),
    };
  }
}
