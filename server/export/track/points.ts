import { CorrectedClock } from '../../../shared/corrected-clock.ts';
import { MOST_APART_S } from '../../../shared/profile/depth-track.ts';
import { SessionClock } from '../../../shared/session-clock.ts';
import type { RowText } from '../../../shared/stored-rows.ts';
import { chunkRows } from '../chunk-rows.ts';
import type { ExportSession } from '../export-session.ts';
import { type Marker, markersOf } from '../markers.ts';
import { isMarker } from '../row-text.ts';
import { type Fix, fixes } from './fixes.ts';

/** The readings between a position and the one before it, in the unit of the sensor. */
export interface Light {
  mean: number;
  min: number;
  max: number;
  count: number;
}

export interface TrackPoint extends Fix {
  /** null: no reading came in that time. */
  light: Light | null;
  /** The position before was lost meanwhile: no line leads here. */
  isStart: boolean;
  /** Words of the pilot since the position before; null: none. */
  marker: string | null;
}

/** What a track has and lacks, counted up as it is written. */
export interface TrackCounts {
  chunkLines: number;
  vehicleLines: number;
  points: number;
  withoutDepth: number;
  withoutLight: number;
}

/** The track of a session with its light, a block of positions at a time. */
export async function* trackPoints(
  session: ExportSession,
  counts: TrackCounts,
): AsyncGenerator<TrackPoint[]> {
  const clock = new SessionClock(session.startTime, session.byWallClock);
  const clocks = { session: clock, corrected: new CorrectedClock(session) };
  const onDamage = () => {
    counts.chunkLines += 1;
  };
  const light = new LightBetween(chunkRows(session.paths, onDamage), clock);
  const onVehicleDamage = () => {
    counts.vehicleLines += 1;
  };
  const markers = new MarkersUntil(markersOf(session.events, clock));
  let last = Number.NEGATIVE_INFINITY;
  try {
    for await (const block of fixes(session.folder, clocks, onVehicleDamage)) {
      const points: TrackPoint[] = [];
      for (const fix of block) {
        const isStart = fix.elapsed - last > MOST_APART_S;
        const between = await light.until(Math.max(last, fix.elapsed - MOST_APART_S), fix.elapsed);
        points.push({ ...fix, isStart, light: between, marker: markers.until(fix.elapsed) });
        last = fix.elapsed;
      }
      count(points, counts);
      yield points;
    }
  } finally {
    await light.end();
  }
}

function count(points: readonly TrackPoint[], counts: TrackCounts): void {
  counts.points += points.length;
  counts.withoutDepth += points.filter(({ depth }) => depth === null).length;
  counts.withoutLight += points.filter(({ light }) => light === null).length;
}

class MarkersUntil {
  readonly #markers: readonly Marker[];
  #next = 0;

  constructor(markers: readonly Marker[]) {
    this.#markers = markers;
  }

  until(time: number): string | null {
    const texts: string[] = [];
    for (let next = this.#markers[this.#next]; next && next.time <= time; ) {
      texts.push(next.text);
      this.#next += 1;
      next = this.#markers[this.#next];
    }
    return texts.length > 0 ? texts.join('; ') : null;
  }
}

/** Sums up readings between moments that ascend. */
class LightBetween {
  readonly #blocks: AsyncGenerator<RowText[]>;
  readonly #clock: SessionClock;
  #rows: RowText[] = [];
  #at = 0;

  constructor(blocks: AsyncGenerator<RowText[]>, clock: SessionClock) {
    this.#blocks = blocks;
    this.#clock = clock;
  }

  /** Of the readings after `from`, up to `to`. */
  async until(from: number, to: number): Promise<Light | null> {
    const sum = { sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, count: 0 };
    while (this.#at < this.#rows.length || (await this.#more())) {
      const row = this.#rows[this.#at];
      if (row === undefined) continue;
      const time = this.#clock.ofRow(row);
      if (time > to) break;
      this.#at += 1;
      if (time <= from || isMarker(row)) continue;
      const value = Number(row.value);
      sum.sum += value;
      sum.min = Math.min(sum.min, value);
      sum.max = Math.max(sum.max, value);
      sum.count += 1;
    }
    const { sum: total, ...rest } = sum;
    return rest.count === 0 ? null : { ...rest, mean: total / rest.count };
  }

  /** Closes the file that is open. */
  async end(): Promise<void> {
    await this.#blocks.return(undefined);
  }

  async #more(): Promise<boolean> {
    const next = await this.#blocks.next();
    this.#at = 0;
    this.#rows = next.done ? [] : next.value;
    return !next.done;
  }
}
