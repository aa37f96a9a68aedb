import type { Report } from '../../../shared/api/report.ts';
import { CorrectedClock } from '../../../shared/corrected-clock.ts';
import { SessionClock } from '../../../shared/session-clock.ts';
import type { ExportSession } from '../export-session.ts';
import { type Fix, fixes } from '../track/fixes.ts';

const MOST_POINTS = 1000;

/** Where the vehicle was, in few enough points for a picture; null: it told no position. */
export async function trackPicture(session: ExportSession): Promise<Report['track']> {
  const clock = new SessionClock(session.startTime, session.byWallClock);
  const clocks = { session: clock, corrected: new CorrectedClock(session) };
  const kept = new Thinned<Fix>(MOST_POINTS);
  for await (const block of fixes(session.folder, clocks)) for (const fix of block) kept.add(fix);
  if (kept.count === 0) return null;
  return {
    points: kept.count,
    elapsed_s: kept.items.map(({ elapsed }) => elapsed),
    latitude_deg: kept.items.map(({ latitude }) => latitude),
    longitude_deg: kept.items.map(({ longitude }) => longitude),
  };
}

/** Every so-manieth of a row of unknown length, never more than `most`, spread evenly. */
class Thinned<T> {
  items: T[] = [];
  count = 0;
  readonly #most: number;
  #step = 1;

  constructor(most: number) {
    this.#most = most;
  }

  add(item: T): void {
    if (this.count % this.#step === 0) this.items.push(item);
    this.count += 1;
    if (this.items.length <= this.#most) return;
    this.items = this.items.filter((_, at) => at % 2 === 0);
    this.#step *= 2;
  }
}
