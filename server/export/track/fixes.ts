import { parseIsoMicros } from '../../../shared/clock.ts';
import type { CorrectedClock } from '../../../shared/corrected-clock.ts';
import { OLDEST_DEPTH_S } from '../../../shared/profile/depth-track.ts';
import type { SessionClock } from '../../../shared/session-clock.ts';
import { vehicleRow } from '../../../shared/vehicle.ts';
import { vehicleFileState, vehicleRows } from '../vehicle-track.ts';

/** Where the vehicle said it was, at the moment for which it said so. */
export interface Fix {
  /** Seconds since the session began. */
  elapsed: number;
  /** UTC, microseconds since 1970, put right as far as the session tells. */
  micros: number;
  longitude: number;
  latitude: number;
  /** Metres, positive down; null: not known at that moment. */
  depth: number | null;
  /** What the position rests on, and how good it was; null: the vehicle did not tell. */
  source: string | null;
  fixType: number | null;
  satellites: number | null;
  hdop: number | null;
}

export interface FixClocks {
  session: SessionClock;
  corrected: CorrectedClock;
}

/** An older position, or quality of one, is not of this moment. */
const OLDEST_POSITION_S = 2;
/** The age of one message comes out a little different in each row. */
const SAME_MESSAGE_S = 0.02;

const ROW = vehicleRow.pick({
  ...{ timestamp: true, elapsed_s: true, depth_m: true, depth_age_s: true },
  ...{ latitude_deg: true, longitude_deg: true, position_age_s: true, position_source: true },
  ...{ fix_type: true, satellites: true, eph: true, gps_age_s: true },
});
type Row = (typeof ROW)['_output'];

/** The positions of a session's vehicle.jsonl in order, each message of the vehicle once. */
export async function* fixes(
  folder: string,
  clocks: FixClocks,
  onDamage: () => void = () => undefined,
): AsyncGenerator<Fix[]> {
  if ((await vehicleFileState(folder)) === null) return;
  let last = Number.NEGATIVE_INFINITY;
  for await (const rows of vehicleRows(folder, ROW)) {
    const found: Fix[] = [];
    for (const row of rows) {
      if (row === null) onDamage();
      const fix = row && fixOf(row, clocks);
      if (fix === null || fix.elapsed <= last + SAME_MESSAGE_S) continue;
      last = fix.elapsed;
      found.push(fix);
    }
    if (found.length > 0) yield found;
  }
}

function fixOf(row: Row, { session, corrected }: FixClocks): Fix | null {
  const { latitude_deg: latitude, longitude_deg: longitude, position_age_s: age } = row;
  const isKnown = latitude !== null && longitude !== null && isFresh(age, OLDEST_POSITION_S);
  if (!isKnown || age === null) return null;
  const elapsed = session.of(row);
  const micros = corrected.micros(parseIsoMicros(row.timestamp), elapsed);
  const tells = isFresh(row.gps_age_s ?? null, OLDEST_POSITION_S);
  return {
    ...{ elapsed: elapsed - age, micros: micros - Math.round(age * 1e6), longitude, latitude },
    depth: isFresh(row.depth_age_s, OLDEST_DEPTH_S) ? row.depth_m : null,
    source: row.position_source ?? null,
    fixType: tells ? (row.fix_type ?? null) : null,
    satellites: tells ? (row.satellites ?? null) : null,
    hdop: tells ? (row.eph ?? null) : null,
  };
}

function isFresh(age: number | null, most: number): boolean {
  return age !== null && age <= most;
}
