import { z } from 'zod';
import { isoMicros } from './clock.ts';
import type { Reading } from './reading.ts';
import { isoTime } from './session.ts';

/** One reading as clients see it, live and in chunks. */
export const row = z.object({
  timestamp: isoTime.meta({ description: 'UTC at which the line of the sensor was complete' }),
  sensor_id: z.string().meta({ description: 'Serial number of the sensor, as it says it' }),
  mode: z.string().meta({ description: 'freerun or polled' }),
  value: z.number().meta({ description: 'PAR in the unit of the sensor, digits as it sent them' }),
  TempC: z.number().nullable().meta({ description: 'Sensor temperature in degrees C' }),
  Vin: z.number().nullable().meta({ description: 'Supply voltage in volts' }),
});
export type Row = z.infer<typeof row>;

/** What a row is made of: a reading, or a sync marker, whose `value` is a JSON string. */
export type RowSource = Omit<Reading, 'mode'> & {
  mode: Reading['mode'] | 'SYNC_START' | 'SYNC_STOP';
};

/** The text of a row's fields: a JSON number or string as `value`, digits or null of the others. */
type RowFields = Pick<RowSource, 'sensorId' | 'value' | 'temperature' | 'voltage'> & {
  mode: string;
};

/** A row without its closing brace, as clients see it live; chunk rows go on with seq and elapsed_s. */
export function jsonFields(timestamp: string, row: RowFields): string {
  return (
    `{"timestamp":"${timestamp}",` +
    `"sensor_id":${JSON.stringify(row.sensorId)},"mode":"${row.mode}",` +
    `"value":${row.value},"TempC":${row.temperature},"Vin":${row.voltage}`
  );
}

export function rowPrefix(reading: RowSource): string {
  return jsonFields(isoMicros(reading.wallMicros), reading);
}

const place = {
  seq: z.int().min(0).meta({ description: 'Number of the row in the session, from 0' }),
  elapsed_s: z.number().min(0).meta({
    description: 'Seconds since the session began, on a clock that never jumps',
  }),
};

/** A reading as a line of chunk_*.jsonl. */
export const readingRow = z
  .strictObject({
    ...row.shape,
    mode: z.enum(['freerun', 'polled']).meta({ description: 'How the sensor was asked' }),
    ...place,
  })
  .meta({ description: 'A reading' });

const markerRow = z
  .strictObject({
    ...row.shape,
    mode: z.enum(['SYNC_START', 'SYNC_STOP']).meta({ description: 'Which end of a survey' }),
    value: z.string().meta({ description: 'Id of the marker; no reading' }),
    TempC: z.null(),
    Vin: z.null(),
    ...place,
  })
  .meta({ description: 'A sync marker that a survey client put between the readings' });

/** A line of chunk_*.jsonl. */
export const chunkRow = z.union([readingRow, markerRow]);
