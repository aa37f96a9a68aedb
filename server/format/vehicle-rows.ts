import { isoMicros } from '../../shared/clock.ts';
import { parseJson } from '../../shared/json.ts';
import { type VehicleSample, type VehicleValues, vehicleRow } from '../../shared/vehicle.ts';
import { type RowReader, sixDecimals } from './row-format.ts';

/** What a row leaves out where the message it comes in was never heard, which has no age then. */
const LEFT_OUT: readonly (readonly [keyof VehicleValues, readonly (keyof VehicleValues)[]])[] = [
  ['pressure_age_s', ['press_abs_hpa', 'pressure_age_s', 'surface_press_hpa']],
  ['position_age_s', ['relative_alt_m', 'position_source']],
  ['heading_age_s', ['alt_msl_m']],
  ['attitude_age_s', ['roll_deg', 'pitch_deg', 'yaw_deg', 'attitude_age_s']],
  ['gps_age_s', ['fix_type', 'satellites', 'eph', 'alt_gps_m', 'gps_age_s']],
  ['local_age_s', ['x_m', 'y_m', 'z_m', 'local_age_s']],
  ['altitude_age_s', ['altitude_m', 'altitude_age_s']],
  ['lamps_age_s', ['lamps', 'lamps_age_s']],
  ['autopilot_utc_age_s', ['autopilot_utc', 'autopilot_utc_age_s']],
  ['armed_age_s', ['armed', 'armed_age_s']],
];

/** A line of vehicle.jsonl; `elapsed` in seconds since the session began. */
export function vehicleLine({ at, values }: VehicleSample, elapsed: number): string {
  const head = `{"timestamp":"${isoMicros(at.wallMicros)}","elapsed_s":${sixDecimals(elapsed)}`;
  return `${head},${JSON.stringify(heardOf(values)).slice(1)}\n`;
}

function heardOf(values: VehicleValues): Partial<VehicleValues> {
  const silent = LEFT_OUT.flatMap(([age, names]) => (values[age] === null ? names : []));
  if (silent.length === 0) return values;
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => !(silent as string[]).includes(key)),
  );
}

/** How recovery knows a whole line of it. */
export const VEHICLE_ROWS: RowReader = {
  header: '',
  read(line) {
    const { success, data } = vehicleRow.strict().safeParse(parseJson(line));
    if (!success) return null;
    return { timestamp: data.timestamp, sensorId: '', seq: null, elapsed: data.elapsed_s };
  },
};
