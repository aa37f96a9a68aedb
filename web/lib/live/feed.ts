import { parseIsoMicros } from '../../../shared/clock.ts';
import type { Row } from '../../../shared/row.ts';
import { GapFinder } from '../../../shared/series/gaps.ts';
import type { StreamEvents } from '../link/transport.ts';
import { type History, NO_HISTORY } from '../series/history.ts';
import { ReadingRing } from '../series/ring.ts';
import { VehicleClock } from './vehicle-clock.ts';

/** Asks for the readings of the last seconds. */
export type AskRecent = (sinceMs: number | null) => Promise<readonly Row[]>;

/** After the past was asked for, rows of it may still be on their way, over another connection. */
const OVERLAP_MS = 5000;

const milliseconds = (row: Row): number => parseIsoMicros(row.timestamp) / 1000;

/**
 * Brings the stream and what was before it into one series of readings. Each time the stream
 * opens, it asks for the readings that came in between and puts them in front of the new ones.
 */
export class LiveFeed implements StreamEvents {
  readonly ring = new ReadingRing();
  clock = new VehicleClock();
  readonly #finder = new GapFinder();
  readonly #askRecent: AskRecent;
  history: History = NO_HISTORY;
  /** What people read off: there at once, also while the readings before it are awaited. */
  newest: Row | null = null;
  /** Counts up whenever there is something new to draw. */
  version = 0;
  open = false;
  /** Rows that came while those before them were still being asked for. */
  #waiting: Row[] | null = null;
  #overlapUntil = 0;
  /** Called when a hole has been filled as far as the vehicle's memory reaches. */
  caughtUp: () => void = () => {};

  constructor(askRecent: AskRecent) {
    this.#askRecent = askRecent;
  }

  get gaps() {
    return this.#finder.gaps;
  }

  /** Time of the newest reading, milliseconds UTC. */
  get lastTime(): number | null {
    return this.ring.end > this.ring.start ? this.ring.time(this.ring.end - 1) : null;
  }

  opened(): void {
    this.open = true;
    const waiting: Row[] = [];
    this.#waiting = waiting;
    const catchUp = (recent: readonly Row[]) => this.#catchUp(recent, waiting);
    // Without an answer the hole stays until the session's own history fills it.
    this.#askRecent(this.lastTime).then(catchUp, () => catchUp([]));
  }

  rows(rows: readonly Row[]): void {
    if (this.#waiting) this.#keepWaiting(this.#waiting, rows);
    else this.#stream(rows);
  }

  #keepWaiting(waiting: Row[], rows: readonly Row[]): void {
    waiting.push(...rows);
    this.newest = rows.at(-1) ?? this.newest;
    if (this.newestTime !== null) this.clock.heardOf(this.newestTime, performance.now());
  }

  /** Time of {@link newest}, milliseconds UTC. */
  get newestTime(): number | null {
    return this.newest && milliseconds(this.newest);
  }

  closed(): void {
    this.open = false;
    this.#waiting = null;
  }

  setHistory(history: History): void {
    this.history = history;
    this.version += 1;
  }

  #catchUp(recent: readonly Row[], waiting: Row[]): void {
    if (this.#waiting !== waiting) return;
    this.#waiting = null;
    const newest = recent.at(-1);
    const turnedBack = newest && milliseconds(newest) < (this.lastTime ?? 0) - 1000;
    if (turnedBack) this.#forget();
    this.#appendUnknown(recent);
    this.#appendUnknown(waiting);
    this.#overlapUntil = performance.now() + OVERLAP_MS;
    if (this.lastTime !== null) this.clock.heardOf(this.lastTime, performance.now());
    this.caughtUp();
  }

  /** The vehicle's clock was set back while the page was away: old times mean nothing now. */
  #forget(): void {
    this.ring.clear();
    this.#finder.clear();
    this.clock = new VehicleClock();
    this.history = NO_HISTORY;
  }

  /** Rows overlap with what is there: time tells which are new, a count those of the same time. */
  #appendUnknown(rows: readonly Row[]): void {
    const last = this.lastTime ?? Number.NEGATIVE_INFINITY;
    let known = this.ring.end - this.ring.lowerBound(last);
    for (const row of rows) {
      const time = milliseconds(row);
      if (time < last || (time === last && known-- > 0)) continue;
      this.#append(row, time);
    }
  }

  #stream(given: readonly Row[]): void {
    const overlaps = performance.now() < this.#overlapUntil;
    const rows = overlaps ? given.filter((row) => !this.#has(milliseconds(row))) : given;
    const [first] = rows;
    if (!first) return;
    const step = this.clock.stepAt(milliseconds(first), performance.now());
    if (step !== 0) this.#shift(step);
    for (const row of rows) this.#append(row, milliseconds(row));
    if (this.lastTime !== null) this.clock.observe(this.lastTime, performance.now());
  }

  /** No two readings have the same time. */
  #has(time: number): boolean {
    const place = this.ring.lowerBound(time);
    return place < this.ring.end && this.ring.time(place) === time;
  }

  #append(row: Row, time: number): void {
    const last = this.lastTime ?? time;
    this.ring.append(Math.max(time, last), row.value);
    this.#finder.push(Math.max(time, last));
    this.newest = row;
    this.version += 1;
  }

  #shift(step: number): void {
    this.ring.shift(step);
    this.#finder.shift(step);
    this.clock.shift(step);
    const times = this.history.times.map((time) => time + step);
    const gaps = this.history.gaps.map(({ from, to }) => ({ from: from + step, to: to + step }));
    this.history = { ...this.history, times, gaps };
  }
}
