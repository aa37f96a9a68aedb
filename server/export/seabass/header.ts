import type { Cast } from '../../../shared/api/profile.ts';
import { isoMicros } from '../../../shared/clock.ts';
import type { ExportSession } from '../export-session.ts';
import type { Extent } from '../netcdf/extents.ts';

/** A cast with what its readings do not tell by themselves. */
export interface PlacedCast {
  cast: Cast;
  /** From 1. */
  number: number;
  /** UTC, microseconds since 1970, put right for steps of the clock. */
  begin: number;
  end: number;
  latitude: Extent | null;
  longitude: Extent | null;
}

/** What SeaBASS takes for "not known". */
export const NOT_KNOWN = 'NA';
export const MISSING = -9999;
export const FIELDS = { depth: 'm', PAR: 'uE/cm^2/s', bincount: 'none' } as const;

/** Keys and values of a cast's header, in order; a value has no blank in it. */
export function headerOf(
  session: ExportSession,
  placed: PlacedCast,
  fileName: string,
): [key: string, value: string][] {
  const { deployment: said } = session;
  const number = (value: number | null | undefined) => (value == null ? NOT_KNOWN : String(value));
  return [
    ['investigators', listOf(said?.investigators)],
    ['affiliations', listOf(said?.affiliations)],
    ['contact', word(said?.contact)],
    ['experiment', word(said?.project)],
    ['cruise', word(said?.cruise)],
    ['station', word(said?.station)],
    ['data_file_name', fileName],
    ['documents', 'README.txt'],
    ['calibration_files', word(said?.calibration_sheet)],
    ['calibration_date', word(said?.calibration_date?.replaceAll('-', ''))],
    ['instrument_manufacturer', 'Biospherical_Instruments'],
    ['instrument_model', word(said?.instrument_model)],
    ['data_type', 'cast'],
    ['data_status', 'preliminary'],
    ...timesOf(placed),
    ...placesOf(placed),
    ['water_depth', number(said?.water_depth_m)],
    ['cloud_percent', number(said?.cloud_percent)],
    ['wind_speed', number(said?.wind_speed_m_s)],
    ['wave_height', number(said?.wave_height_m)],
    ['secchi_depth', number(said?.secchi_depth_m)],
    ['missing', String(MISSING)],
    ['delimiter', 'comma'],
    ['fields', Object.keys(FIELDS).join(',')],
    ['units', Object.values(FIELDS).join(',')],
  ];
}

function timesOf({ begin, end }: PlacedCast): [string, string][] {
  const day = (micros: number) => isoMicros(micros).slice(0, 10).replaceAll('-', '');
  const clock = (micros: number) => `${isoMicros(micros).slice(11, 19)}[GMT]`;
  return [
    ['start_date', day(begin)],
    ['end_date', day(end)],
    ['start_time', clock(begin)],
    ['end_time', clock(end)],
  ];
}

function placesOf({ latitude, longitude }: PlacedCast): [string, string][] {
  const degrees = (value: number | undefined) =>
    value === undefined ? NOT_KNOWN : `${value.toFixed(6)}[DEG]`;
  return [
    ['north_latitude', degrees(latitude?.max)],
    ['south_latitude', degrees(latitude?.min)],
    ['east_longitude', degrees(longitude?.max)],
    ['west_longitude', degrees(longitude?.min)],
  ];
}

const listOf = (texts: readonly string[] | undefined) =>
  texts === undefined || texts.length === 0 ? NOT_KNOWN : texts.map(word).join(',');

/** Plain letters without blank and comma; accents are left out, since SeaBASS takes ASCII. */
export function word(text: string | null | undefined): string {
  const plain = (text ?? '').normalize('NFKD').replaceAll(/[^\x20-\x7e]/g, '');
  const joined = plain.replaceAll(',', ' ').trim().replaceAll(/\s+/g, '_');
  return joined === '' ? NOT_KNOWN : joined;
}
