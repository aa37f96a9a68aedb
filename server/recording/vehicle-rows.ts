import { isoMicros } from '../../shared/clock.ts';
import { type VehicleSample, vehicleRow } from '../../shared/vehicle.ts';
import { parseJson } from './metadata.ts';
import { type RowReader, sixDecimals } from './row-format.ts';

/** A line of vehicle.jsonl; `elapsed` in seconds since the session began. */
export function vehicleLine({ at, values }: VehicleSample, elapsed: number): string {
  const head = `{"timestamp":"${isoMicros(at.wallMicros)}","elapsed_s":${sixDecimals(elapsed)}`;
  return `${head},${JSON.stringify(values).slice(1)}\n`;
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
