import type { SchemaElement } from 'hyparquet';
import type { JoinedColumn } from '../row-join.ts';

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const double = { type: 'DOUBLE' } as const;
const time = {
  type: 'INT64',
  converted_type: 'TIMESTAMP_MICROS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
} as const;

const required = (name: string, element: Omit<SchemaElement, 'name'>): SchemaElement => ({
  name,
  repetition_type: 'REQUIRED',
  ...element,
});
const nullable = (name: string, element: Omit<SchemaElement, 'name'>): SchemaElement => ({
  name,
  repetition_type: 'OPTIONAL',
  ...element,
});
const table = (columns: SchemaElement[]): SchemaElement[] => [
  { name: 'root', num_children: columns.length },
  ...columns,
];

const READING_COLUMNS = [
  required('timestamp', time),
  required('sensor_id', text),
  required('mode', text),
  nullable('value', double),
  nullable('TempC', double),
  nullable('Vin', double),
];

export const READING_SCHEMA = table(READING_COLUMNS);

const SESSION_COLUMNS = [
  ...READING_COLUMNS,
  nullable('seq', { type: 'INT64' }),
  nullable('elapsed_s', double),
  nullable('sync_id', text),
];

const JOINED_COLUMNS: Record<JoinedColumn, SchemaElement> = {
  depth_m: nullable('depth_m', double),
  marker: nullable('marker', text),
  time_utc: nullable('time_utc', time),
  time_uncertainty_s: nullable('time_uncertainty_s', double),
};

/** `sync_id` is what a marker's row carries in place of a value; joined columns come last. */
export function sessionSchema(joined: readonly JoinedColumn[]): SchemaElement[] {
  return table([...SESSION_COLUMNS, ...joined.map((column) => JOINED_COLUMNS[column])]);
}
