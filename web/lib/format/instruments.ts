import { tiltDeg } from '../../../shared/profile/tilt.ts';
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

const SOURCES = {
  pressure: 'by pressure',
  relative_alt: 'by height above home',
  vfr_hud: 'by height above the sea',
} as const;

/** Depth, position, heading and the rest, for reading; what the vehicle never sent is left out below. */
export function instruments(values: VehicleValues): Instrument[] {
  const { depth_m, depth_source, heading_deg, water_temperature_c } = values;
  const by = depth_source === null ? '' : ` ${SOURCES[depth_source]}`;
  return [
    instrument('Depth', unit(depth_m, 2, ` m${by}`), values.depth_age_s),
    instrument('Heading', unit(heading_deg, 0, '°'), values.heading_age_s),
    instrument('Position', position(values), values.position_age_s),
    instrument(
      'Water temperature',
      unit(water_temperature_c, 1, ' °C'),
      values.water_temperature_age_s,
    ),
    ...others(values).filter((one) => one !== null),
  ];
}

function others(values: VehicleValues): (Instrument | null)[] {
  const { roll_deg, pitch_deg, attitude_age_s, altitude_m, altitude_age_s } = values;
  const { lamps, lamps_age_s, gps_age_s, armed, armed_age_s } = values;
  const tilt = tiltOf(roll_deg, pitch_deg);
  const heard = (name: string, text: string | null, age: number | null) =>
    age === null ? null : instrument(name, text, age);
  return [
    heard('Tilt', unit(tilt, 0, '°'), attitude_age_s),
    heard('Position quality', quality(values), gps_age_s),
    heard('Above the ground', unit(altitude_m, 1, ' m'), altitude_age_s),
    heard('Lamps', lamps && lampWords(lamps), lamps_age_s),
    heard('Motors', armed === null ? null : armed ? 'armed' : 'disarmed', armed_age_s),
  ];
}

/** Degrees between the vehicle's own up and the true one. */
export function tiltOf(rollDeg: number | null, pitchDeg: number | null): number | null {
  return rollDeg === null || pitchDeg === null ? null : tiltDeg(rollDeg, pitchDeg);
}

const FIXES = ['no GPS', 'no fix', '2D fix', '3D fix', 'DGPS', 'RTK float', 'RTK fixed'];

function quality({ fix_type, satellites, position_source }: VehicleValues): string | null {
  if (fix_type === null) return null;
  const by = position_source === 'GPS_INPUT' ? ', from another program' : '';
  const of = satellites === null ? '' : `, ${satellites} satellites`;
  return `${FIXES[fix_type] ?? 'fix'}${of}${by}`;
}

function lampWords(lamps: Record<string, number>): string {
  const on = Object.values(lamps).filter((share) => share > 0);
  if (on.length === 0) return 'off';
  return `on, ${Math.round(100 * Math.max(...on))} %`;
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
