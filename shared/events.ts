import { z } from 'zod';
import { isoTime, trigger } from './session.ts';
import { clockSet, comparisonFields } from './time/comparison.ts';
import { DEPTH_DOUBTS } from './vehicle.ts';

interface Kind<F extends z.ZodRawShape> {
  /** What it tells, for the documentation. */
  tells: string;
  /** What it carries besides time, kind and words. */
  fields: F;
}

function event<F extends z.ZodRawShape>(tells: string, fields: F): Kind<F> {
  return { tells, fields };
}

const rows = z.int().min(0).meta({ description: 'Rows that it has' });
const file = z.string().meta({ description: 'Name of the file' });
const gapS = z
  .number()
  .nullable()
  .meta({ description: 'Seconds without readings; null: not known' });
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'SHA-256 that the manifest had for it, hex' });
const rowsBefore = z.int().min(0).meta({ description: 'Rows that the manifest had for it' });
const track = {
  rows,
  torn_bytes: z
    .int()
    .min(0)
    .meta({ description: 'Bytes that were no whole rows; kept in a .torn file' }),
};
const salvaged = { file, ...track };

/** Everything that can stand in events.jsonl. The list is closed. */
export const EVENT_KINDS = {
  recording_started: event('The session began.', { trigger }),
  recording_stopped: event(
    'Somebody stopped the session, or it ended by itself as it had begun.',
    {},
  ),
  recording_resumed: event('The session went on after a restart of the service.', {
    gap_s: gapS,
    next_seq: z.int().min(0).meta({ description: 'seq of the next row' }),
    elapsed_basis: z.enum(['monotonic_clock', 'wall_clock', 'last_row']).meta({
      description:
        'What elapsed_s goes on by. monotonic_clock: exact · wall_clock: as right as the clock, after a reboot · last_row: the gap is left out of elapsed_s, its length is not known',
    }),
  }),
  service_stopped: event('The service was stopped in order; the session goes on at its start.', {}),
  recording_failed: event('An error of the disk ended the session.', {
    rows_lost: z.int().meta({ description: 'Readings that came but are not on the disk' }),
  }),
  disk_full: event('The session was ended while there was room to.', {
    free_bytes: z.int().min(0).meta({ description: 'Free bytes on the disk' }),
  }),
  session_closed: event('It had been interrupted, and a newer session went on instead.', {}),
  sensor_disconnected: event('The serial port went away. Readings stop.', {}),
  sensor_silent: event('The sensor stopped sending. Readings stop.', {}),
  sensor_reset: event('The sensor reset itself. Readings stop.', {}),
  sensor_restarted: event('The service starts the acquisition again. Readings stop.', {}),
  acquisition_paused: event('A client paused the acquisition. Readings stop.', {}),
  readings_resumed: event('The first reading after one of the five events before this.', {
    gap_s: gapS,
    missing_readings: z
      .int()
      .min(0)
      .nullable()
      .meta({ description: 'About so many would have come; null: not known' }),
  }),
  process_held_up: event(
    'The recorder itself was not run for a while; what the sensor sent meanwhile was read late.',
    {
      held_up_s: z.number().meta({ description: 'For how many seconds' }),
      waiting_lines: z.int().min(0).meta({ description: 'Lines that waited; they are recorded' }),
      missing_readings: z
        .int()
        .min(0)
        .nullable()
        .meta({ description: '0; null: the system’s buffer was full, so some are lost' }),
      uncertainty_s: z.number().meta({
        description:
          'By so many seconds the times of these readings may be off: they are from the sensor’s pace',
      }),
    },
  ),
  lines_rejected: event('Lines of the sensor that were no readings were left out.', {
    reasons: z
      .record(z.string(), z.int().min(1))
      .meta({ description: 'How many lines, by reason, since the last such event' }),
    example: z.string().meta({ description: 'The first of them, cut to 80 characters' }),
  }),
  clock_step: event("The vehicle's clock was set; also in clock_steps of metadata.json.", {
    step_s: z.number().meta({ description: 'Seconds, positive: the clock went forward' }),
  }),
  clock_state: event('What the system says of the vehicle’s clock has changed.', {
    is_set: clockSet,
  }),
  clock_compared: event(
    'The vehicle’s clock was compared with another one; time_utc of exports comes from it.',
    comparisonFields,
  ),
  vehicle_lost: event('The vehicle stopped telling its depth and position.', {}),
  vehicle_back: event('The vehicle tells its depth and position again.', {}),
  surface_pressure: event(
    'The pressure at the surface was set or found: depth is reckoned from it from now on.',
    {
      surface_press_hpa: z.number().meta({ description: 'It, in hPa' }),
      source: z.enum(['set', 'found']).meta({
        description: 'set: by a person · found: the vehicle lay quiet at the surface',
      }),
    },
  ),
  depth_doubtful: event('What the vehicle’s instruments say of its depth can’t all be true.', {
    doubt: z.enum(DEPTH_DOUBTS).meta({ description: 'What is wrong, as a word' }),
  }),
  vehicle_not_recorded: event('vehicle.jsonl could not be written any more; the light is.', {}),
  vehicle_recovered: event(
    'vehicle.jsonl had rows that were not sealed at a crash; they are.',
    track,
  ),
  vehicle_damaged: event('What was sealed of vehicle.jsonl is not as it was.', {
    ...track,
    rows_before: rowsBefore,
    sha256_before: sha256,
  }),
  vehicle_missing: event('vehicle.jsonl is gone, or has no whole row left.', {
    rows_before: rowsBefore,
  }),
  vehicle_unmended: event(
    'The disk did not let vehicle.jsonl be mended; the next start tries.',
    {},
  ),
  marker: event('Somebody marked this moment; what they wrote is the detail.', {}),
  sync_marker: event('A sync marker of a survey; it also stands in the rows.', {
    sync_id: z.string().meta({ description: 'Id that the client gave' }),
    marker_type: z.enum(['START', 'STOP']).meta({ description: 'Which end of the survey' }),
  }),
  chunk_recovered: event('A chunk that was being written at a crash was finalized.', salvaged),
  chunk_damaged: event('A finalized chunk was not as its manifest line says.', {
    ...salvaged,
    rows_before: rowsBefore,
    sha256_before: sha256,
  }),
  chunk_missing: event('A chunk of the manifest is not on the disk.', { file, rows, sha256 }),
  chunk_unreadable: event('The disk gives back nothing of a finalized chunk; it stays there.', {
    file,
    rows,
  }),
  rows_missing: event('The session had more rows than are in its chunks, and no file tells why.', {
    rows: z.int().min(1).meta({ description: 'Rows that are in no chunk' }),
  }),
  manifest_rebuilt: event('manifest.jsonl was written anew; the old one is kept as .torn.', {
    lines: z.int().min(0).meta({ description: 'Lines of the old one that could not be read' }),
  }),
  events_mended: event('What were no whole events is kept as .torn; an event may be missing.', {
    torn_bytes: z.int().min(1).meta({ description: 'Bytes that were taken out' }),
  }),
  events_missing: event('events.jsonl is gone: what made holes before is not known any more.', {}),
  metadata_rebuilt: event('metadata.json was lost; the new one is what the rows tell.', {}),
} as const;
export type EventKind = keyof typeof EVENT_KINDS;

type Shape<K extends EventKind> = (typeof EVENT_KINDS)[K]['fields'];
type Fields<K extends EventKind> = { [F in keyof Shape<K>]: z.infer<Shape<K>[F]> };

/** An event before its time is added. */
export type NoteOf<K extends EventKind> = { kind: K; detail: string } & Fields<K>;
export type Note = { [K in EventKind]: NoteOf<K> }[EventKind];

/** A line of events.jsonl as this version writes it, exactly. */
export const eventLine = z.union(
  Object.entries(EVENT_KINDS).map(([kind, { tells, fields }]) =>
    z
      .strictObject({
        timestamp: isoTime,
        elapsed_s: z
          .number()
          .min(0)
          .meta({ description: 'Monotonic seconds since the session began' }),
        kind: z.literal(kind).meta({ description: 'What it was' }),
        detail: z.string().meta({ description: 'What happened, in words' }),
        ...fields,
      })
      .meta({ description: tells }),
  ),
);
