import type { VehicleValues } from '../../../shared/vehicle.ts';
import { span } from './time.ts';

/** A value of the vehicle as it is shown. */
export interface Instrument {
  name: string;
  /** With its unit; a dash where it is not known. */
  text: string;
  /** How old it is, or why there is none. */
  age: string;
}

const UNKNOWN = '–';
/** Younger than two polls: nobody needs to be told. */
const NOW_S = 1;

/** Depth, position, heading and water temperature, for reading. */
export function instruments(values: VehicleValues): Instrument[] {
  const { depth_m, heading_deg, water_temperature_c } = values;
  return [
    instrument('Depth', unit(depth_m, 2, ' m'), values.depth_age_s),
    instrument('Heading', unit(heading_deg, 0, '°'), values.heading_age_s),
    instrument('Position', position(values), values.position_age_s),
    instrument(
      'Water temperature',
      unit(water_temperature_c, 1, ' °C'),
      values.water_temperature_age_s,
    ),
  ];
}

function instrument(name: string, text: string | null, ageS: number | null): Instrument {
  return { name, text: text ?? UNKNOWN, age: ageWords(text !== null, ageS) };
}

function ageWords(isKnown: boolean, ageS: number | null): string {
  if (ageS === null) return 'not sent';
  if (ageS > NOW_S) return `${span(ageS)} old`;
  return isKnown ? 'now' : 'no fix';
}

function unit(value: number | null, decimals: number, text: string): string | null {
  return value === null ? null : value.toFixed(decimals) + text;
}

/** Five decimals of a degree are a metre. */
function position({ latitude_deg, longitude_deg }: VehicleValues): string | null {
  if (latitude_deg === null || longitude_deg === null) return null;
  const north = `${Math.abs(latitude_deg).toFixed(5)}°\u00a0${latitude_deg < 0 ? 'S' : 'N'}`;
  return `${north}, ${Math.abs(longitude_deg).toFixed(5)}°\u00a0${longitude_deg < 0 ? 'W' : 'E'}`;
}
