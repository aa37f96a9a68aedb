import type { LightDescription } from '../../../shared/archive/described.ts';
import type { RowText } from '../../../shared/stored-rows.ts';
import type { AttributeValue, Variable } from './classic.ts';
import type { Place } from './places.ts';

/** What is known of a reading besides its row. */
export interface Observation extends Place {
  row: RowText;
  /** UTC in microseconds since 1970, put right as far as the session tells. */
  micros: number;
  recordedMicros: number;
  elapsed: number;
  /** Seconds by which `micros` may be off; null: the clock was compared with none. */
  uncertaintyS: number | null;
}

/** A variable along the readings; NaN: not known. */
export interface Column {
  variable: Variable;
  value(observation: Observation): number;
}

/** What a session has decides which of them its file has. */
export interface Has {
  position: boolean;
  depth: boolean;
  elapsed: boolean;
  /** The vehicle's clock was compared with another one. */
  compared: boolean;
  light: LightDescription;
}

/** What the library itself takes for "nothing was written here". */
export const FILL = 9.969209968386869e36;
const EPOCH = 'seconds since 1970-01-01T00:00:00Z';

/** One that may lack a value. */
function column(
  name: string,
  value: Column['value'],
  attributes: Record<string, AttributeValue | null>,
): Column {
  return whole(name, value, { ...attributes, _FillValue: FILL });
}

/** One that every reading has: programs that print times take a fill value for one, too. */
function whole(
  name: string,
  value: Column['value'],
  attributes: Record<string, AttributeValue | null>,
): Column {
  const told = Object.entries(attributes).filter(
    (entry): entry is [string, AttributeValue] => entry[1] !== null,
  );
  const variable: Variable = {
    ...{ name, type: 'double', dimensions: ['obs'], attributes: Object.fromEntries(told) },
  };
  return { variable, value };
}

/** Every column that the session can fill. */
export function columnsOf(has: Has): Column[] {
  return [
    ...timeColumns(has),
    ...placeColumns(has),
    ...lightColumns(has),
    column('sensor_temperature', ({ row }) => numberOf(row.temperature), {
      ...{ long_name: 'temperature inside of the light sensor', units: 'degree_Celsius' },
    }),
    column('sensor_supply', ({ row }) => numberOf(row.voltage), {
      ...{ long_name: 'supply voltage of the light sensor', units: 'V' },
    }),
  ];
}

function timeColumns({ elapsed, compared }: Has): Column[] {
  const time = whole('time', ({ micros }) => micros / 1e6, {
    standard_name: 'time',
    long_name: compared
      ? 'time, by the clock that the one of the vehicle was compared with'
      : 'time, put right for steps of the clock',
    ...{ units: EPOCH, calendar: 'standard', axis: 'T' },
    ...(compared && { ancillary_variables: 'time_uncertainty' }),
  });
  const recorded = whole('time_recorded', ({ recordedMicros }) => recordedMicros / 1e6, {
    long_name: 'time as the clock of the vehicle said it',
    ...{ units: EPOCH, calendar: 'standard' },
  });
  const since = whole('elapsed', (one) => one.elapsed, {
    ...{ long_name: 'time since the session began, on a clock that never jumps', units: 's' },
  });
  const within = column('time_uncertainty', ({ uncertaintyS }) => uncertaintyS ?? Number.NaN, {
    ...{ long_name: 'seconds by which time may be off', units: 's' },
  });
  return [time, ...(compared ? [within] : []), recorded, ...(elapsed ? [since] : [])];
}

function placeColumns({ position, depth }: Has): Column[] {
  const places = [
    column('lat', ({ latitude }) => latitude ?? Number.NaN, {
      ...{ standard_name: 'latitude', units: 'degrees_north', axis: 'Y' },
      long_name: 'latitude of the vehicle, between two positions at most 2 s apart',
    }),
    column('lon', ({ longitude }) => longitude ?? Number.NaN, {
      ...{ standard_name: 'longitude', units: 'degrees_east', axis: 'X' },
      long_name: 'longitude of the vehicle, between two positions at most 2 s apart',
    }),
  ];
  const below = column('depth', (one) => one.depth ?? Number.NaN, {
    ...{ standard_name: 'depth', units: 'm', positive: 'down', axis: 'Z' },
    long_name: 'depth of the light sensor below the surface',
  });
  return [...(position ? places : []), ...(depth ? [below] : [])];
}

function lightColumns(has: Has): Column[] {
  const { units, factor, standardName, collector } = has.light;
  const coordinates = [
    'time',
    ...(has.position ? ['lat', 'lon'] : []),
    ...(has.depth ? ['depth'] : []),
  ].join(' ');
  const raw = column('light_as_sent', ({ row }) => numberOf(row.value), {
    long_name: 'photosynthetically active radiation, in the unit and digits of the sensor',
    ...{ sensor_units: units, coordinates },
  });
  if (factor === null) return [raw];
  const par = column('par', ({ row }) => numberOf(row.value) * factor, {
    standard_name: standardName,
    long_name: 'photosynthetically active radiation',
    ...{ units: 'mol m-2 s-1', coordinates, collector },
    comment: `light_as_sent times ${factor}; no dark offset and no immersion factor applied`,
  });
  return [par, raw];
}

const numberOf = (text: string) => (text === '' ? Number.NaN : Number(text));
