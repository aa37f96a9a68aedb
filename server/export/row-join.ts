import { CorrectedClock, type TimedSession } from '../../shared/corrected-clock.ts';
import type { DepthTrack } from '../../shared/profile/depth-track.ts';
import { SessionClock } from '../../shared/session-clock.ts';
import type { RowText } from '../../shared/stored-rows.ts';
import type { ReferenceClock, ReferenceTime } from '../../shared/time/reference-clock.ts';
import { type Marker, markersOf } from './markers.ts';
import { readTrack, vehicleFileState } from './vehicle-track.ts';

/** Columns that an export has only where the session has such data. */
export type JoinedColumn = 'depth_m' | 'marker' | 'time_utc' | 'time_uncertainty_s';

/** What is known besides the rows. */
export interface Joined {
  track: DepthTrack | null;
  markers: readonly Marker[];
  reference: ReferenceClock;
}

/** What the rows of a session are joined with, and how they go by. */
export interface JoinSource extends TimedSession {
  /** Absolute path of the session's folder. */
  folder: string;
}

/** Gives the joined columns of a session's rows, which are asked for in order. */
export class RowJoin {
  readonly #clock: SessionClock;
  readonly #track: DepthTrack | null;
  readonly #markers: readonly Marker[];
  readonly #reference: ReferenceClock;
  #next = 0;

  constructor(clock: SessionClock, { track, markers, reference }: Joined) {
    this.#clock = clock;
    this.#track = track;
    this.#markers = markers;
    this.#reference = reference;
  }

  get columns(): JoinedColumn[] {
    return [
      ...(this.#track ? (['depth_m'] as const) : []),
      ...(this.#markers.length > 0 ? (['marker'] as const) : []),
      ...(this.#reference.isKnown ? (['time_utc', 'time_uncertainty_s'] as const) : []),
    ];
  }

  /** Metres; null where the depth is not known. */
  depth(row: RowText): number | null {
    return this.#track?.depthAt(this.#clock.ofRow(row)) ?? null;
  }

  /** UTC by the clock that the vehicle's was compared with; null where it was with none. */
  time(row: RowText): ReferenceTime | null {
    return this.#reference.at(this.#clock.ofRow(row));
  }

  /** The markers that were set since the row before; null where there are none. */
  marker(row: RowText): string | null {
    const time = this.#next < this.#markers.length ? this.#clock.ofRow(row) : 0;
    const texts: string[] = [];
    for (let next = this.#markers[this.#next]; next && next.time <= time; ) {
      texts.push(next.text);
      this.#next += 1;
      next = this.#markers[this.#next];
    }
    return texts.length > 0 ? texts.join('; ') : null;
  }
}

/** Null for a session that has nothing to join: its exports stay as they are. */
export async function rowJoin(source: JoinSource): Promise<RowJoin | null> {
  const clock = new SessionClock(source.startTime, source.byWallClock);
  const markers = markersOf(source.events, clock);
  const hasVehicle = (await vehicleFileState(source.folder)) !== null;
  const { reference } = new CorrectedClock(source);
  if (!hasVehicle && markers.length === 0 && !reference.isKnown) return null;
  const vehicle = hasVehicle ? await readTrack(source.folder, clock) : null;
  return new RowJoin(clock, { track: vehicle?.track ?? null, markers, reference });
}
