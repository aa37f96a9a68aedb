import { z } from 'zod';
import { sensorConfig } from './api/sensor.ts';
import { cfDescription, collector } from './cf.ts';
import { damageList } from './damage.ts';
import {
  chunkIntervalS,
  isoTime,
  sessionId,
  sessionState,
  sessionSummary,
  trigger,
} from './session.ts';
import { clockState } from './time/comparison.ts';
import { sealedPart, vehicleSetup } from './vehicle.ts';

/** 1 had none of what `described` lists: there a caller may have used these names. */
export const METADATA_VERSION = 2;

/** What a recorder needs to list, mend and go on with a session, of any version. */
export const recorderKeys = z.object({
  session_id: sessionId,
  schema_version: z.int().meta({ description: 'Version of this file' }),
  software_version: z.string().meta({ description: 'Version of the recorder that began it' }),
  state: sessionState,
  failure: sessionSummary.shape.failure,
  format: z.enum(['jsonl', 'csv']).meta({ description: 'How the chunks are written' }),
  start_time: sessionSummary.shape.start_time,
  end_time: sessionSummary.shape.end_time,
  resumed_at: isoTime
    .nullable()
    .meta({ description: 'When it last went on after a restart, UTC; null: it never had to' }),
  chunk_interval_s: chunkIntervalS,
  sensor_id: sessionSummary.shape.sensor_id,
  sensor: z
    .record(z.string(), z.json())
    .meta({ description: 'What the sensor said of itself; empty: it was not identified' }),
  port: z.string().nullable().meta({ description: 'Path of the serial port' }),
  baud: z.int().nullable().meta({ description: 'Baud rate of the port' }),
  boot_id: z
    .string()
    .nullable()
    .meta({ description: 'The boot of the vehicle during which mono_start holds' }),
  mono_start: z.number().meta({ description: 'Seconds since boot at which elapsed_s is 0' }),
  total_rows: z.int().min(0).meta({ description: 'Rows in all chunks; right once it has ended' }),
  chunk_count: z.int().min(0).meta({ description: 'Finalized chunks; right once it has ended' }),
  size_bytes: z.int().min(0).meta({ description: 'Bytes of all chunks; right once it has ended' }),
  duration_s: z.number().min(0).meta({ description: 'Seconds that it lasted, once it has ended' }),
  needs_recovery: z
    .boolean()
    .meta({ description: 'It ended with rows that are not finalized: the next start does that' }),
  first_free_index: z.int().min(0).max(999_999_999).default(0).meta({
    description: 'Chunk numbers below were given away before the last recovery, lost ones included',
  }),
  first_free_seq: z.int().min(0).default(0).meta({
    description: 'The same of seq',
  }),
});

/** A step of the wall clock: rows with a smaller elapsed_s have the time from before it. */
export const clockStep = z.object({
  timestamp: isoTime.meta({ description: 'First moment of the new time, UTC' }),
  elapsed_s: z.number().min(0).meta({ description: 'The same moment in elapsed_s of the rows' }),
  step_s: z.number().meta({ description: 'Seconds, positive: the clock went forward' }),
});

/** So many steps stand in metadata.json; events.jsonl has all. */
export const CLOCK_STEPS_LISTED = 100;

/** What a reader needs who has nothing but the file. */
export const described = z.object({
  collector: collector.nullable().meta({
    description: 'What the light falls on; null: not known, the first metadata.json was lost',
  }),
  ...cfDescription.shape,
  immersion_factor_applied: z.literal(false).meta({
    description:
      'The sensor does not apply its immersion_factor to the values, nor does this recorder',
  }),
  clock_steps: z
    .array(clockStep)
    .max(CLOCK_STEPS_LISTED)
    .meta({
      description: `When the vehicle's clock was set during the session; the first ${CLOCK_STEPS_LISTED}`,
    }),
  clock_step_count: z.int().min(0).meta({ description: 'How often it was set' }),
  clock_seen: z
    .object({ timestamp: isoTime, elapsed_s: z.number().min(0) })
    .exactOptional()
    .meta({
      description:
        'A moment as both clocks saw it: the beginning, the last step or restart, or the last row before a stop of the service',
    }),
  clock_state: clockState.exactOptional().meta({
    description:
      'Whether the vehicle’s clock was set, and how far it was off others: when last told',
  }),
  recording_trigger: trigger.exactOptional(),
  vehicle_setup: vehicleSetup
    .exactOptional()
    .meta({ description: 'How the sensor sat on the vehicle, and in what water, by the settings' }),
  other_files: z
    .array(sealedPart)
    .exactOptional()
    .meta({ description: 'What is sealed beside the chunks; not there where there is nothing' }),
  damage: damageList.exactOptional(),
});
export type Described = z.infer<typeof described>;

/** metadata.json exactly as this version writes it; the caller's own keys stand beside these. */
export const metadataFile = z.looseObject({
  ...recorderKeys.shape,
  ...described.shape,
  schema_version: z.literal(METADATA_VERSION).meta({ description: 'Version of this file' }),
  sensor: z
    .union([sensorConfig, z.strictObject({})])
    .meta({ description: 'What the sensor said of itself; empty: it was not identified' }),
});
