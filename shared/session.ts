import { z } from 'zod';
import { damageList } from './damage.ts';

/** In the folder of a session that a mirror has not got whole yet: no recorder goes on with it. */
export const MIRRORED_NAME = '.mirrored';

/** UTC, ISO 8601 with Z and microseconds. */
export const isoTime = z.iso.datetime().meta({
  description: 'UTC, ISO 8601 with Z, microseconds where the clock gives them',
  examples: ['2025-11-12T14:30:45.123456Z'],
});

export const sessionId = z.uuid().meta({ description: 'Session id, UUID version 4' });

/** What became of a session. One that a crash interrupted stays `recording`. */
export const sessionState = z
  .enum(['recording', 'complete', 'failed'])
  .meta({ description: 'recording: still open · complete: stopped · failed: ended by an error' });

export const chunkIntervalS = z
  .int()
  .min(1)
  .max(3600)
  .meta({ description: 'Seconds of readings per chunk', examples: [60] });

/** On whose account a session is recorded. */
export const trigger = z.enum(['request', 'armed', 'depth']).meta({
  description:
    'Why it began · request: a person or a client asked · armed, depth: by itself, since the vehicle was armed, or deep enough (record_by_itself of the settings)',
});
export type Trigger = z.infer<typeof trigger>;

/** What a finalized chunk is called: five digits, more where there are more chunks. */
export const CHUNK_NAME = /^chunk_(\d{5,9})\.(?:jsonl|csv)$/;

/** One finalized chunk, as a line of manifest.jsonl and in /record/snapshots. */
export const chunk = z.object({
  index: z.int().min(0).meta({
    description:
      'Chunk number in the session, from 0; the number of a chunk that was lost is not given again',
  }),
  filename: z
    .string()
    .regex(CHUNK_NAME)
    .meta({
      description: 'Name of the chunk, for /files/<session_id>/<filename>',
      examples: ['chunk_00000.jsonl'],
    }),
  size_bytes: z.int().min(1).meta({ description: 'Size of the file in bytes' }),
  row_count: z.int().min(0).meta({ description: 'Rows (lines) in the chunk' }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'SHA-256 of the file, hex' }),
  created_at: isoTime.meta({ description: 'When the chunk was finalized' }),
  first_timestamp: isoTime.nullable().meta({ description: 'UTC of the first row' }),
  last_timestamp: isoTime.nullable().meta({ description: 'UTC of the last row' }),
  first_seq: z.int().min(0).nullable().meta({ description: 'seq of the first row' }),
  last_seq: z.int().min(0).nullable().meta({ description: 'seq of the last row' }),
});
export type Chunk = z.infer<typeof chunk>;

/** A line of events.jsonl: whatever made a hole in the readings, or explains them. */
export const sessionEvent = z.looseObject({
  timestamp: isoTime,
  elapsed_s: z.number().meta({ description: 'Monotonic seconds since the session began' }),
  kind: z
    .string()
    .meta({ description: 'What it was, as a stable name', examples: ['sensor_disconnected'] }),
  detail: z.string().meta({ description: 'What happened, in words' }),
});
export type SessionEvent = z.infer<typeof sessionEvent>;

/** What a caller may say about a session; the keys go flat into metadata.json. */
export const userMetadata = z
  .record(z.string(), z.json())
  .meta({ description: 'Any JSON object up to 64 KiB', examples: [{ mission: 'DeepDive' }] });
export type UserMetadata = z.infer<typeof userMetadata>;

/** A session in short, as lists show it. */
export const sessionSummary = z.object({
  session_id: sessionId,
  state: sessionState,
  mission: z
    .string()
    .nullable()
    .meta({ description: 'mission of the metadata; null where none was given' }),
  start_time: isoTime.meta({ description: 'When it began, UTC' }),
  end_time: isoTime
    .nullable()
    .meta({ description: 'When it ended, UTC; null while it is recorded' }),
  duration_s: z
    .number()
    .min(0)
    .meta({ description: 'Seconds from its start to its end, or until now' }),
  total_rows: z.int().min(0).meta({ description: 'Readings in all its chunks' }),
  chunk_count: z.int().min(0).meta({ description: 'Finalized chunks' }),
  size_bytes: z.int().min(0).meta({ description: 'Size of all its chunks in bytes' }),
  sensor_id: z
    .string()
    .nullable()
    .meta({ description: 'Serial number of the sensor, as it says it' }),
  failure: z.string().nullable().meta({ description: 'Why the session failed, in words' }),
  damage: damageList.exactOptional(),
});
export type SessionSummary = z.infer<typeof sessionSummary>;

/** For sorting: times of one form, by their letters, as a language would sort them takes ten times as long. */
export function newestFirst(
  a: Pick<SessionSummary, 'start_time'>,
  b: Pick<SessionSummary, 'start_time'>,
): number {
  if (a.start_time === b.start_time) return 0;
  return a.start_time < b.start_time ? 1 : -1;
}
