import { z } from 'zod';
import { isoTime, sessionId } from '../session.ts';
import { route } from './route.ts';

/**
 * The second generation of topside clients: a control station for surveys. A start
 * request in its form opens a session that speaks its form from then on, with CSV chunks.
 */
export const SURVEY_SCHEMA_VERSION = 1 as const;

const schemaVersion = z
  .union([z.literal(SURVEY_SCHEMA_VERSION), z.literal(2)])
  .meta({ description: 'Version of the survey form of this API' });
const markerType = z
  .enum(['START', 'STOP'])
  .meta({ description: 'Which end of the survey it marks' });

export const surveyStartRequest = z
  .looseObject({
    rate_hz: z.number().gt(0).optional().meta({ description: 'Nominal rate in Hz; kept, not set' }),
    schema_version: schemaVersion.optional(),
    mission: z.string().max(1000).optional().meta({ description: 'Name of the mission' }),
    roll_interval_s: z
      .number()
      .min(1)
      .max(3600)
      .optional()
      .meta({ description: 'Seconds of readings per chunk, rounded to whole ones' }),
  })
  .refine(isSurveyRequest, {
    error: 'none of rate_hz, schema_version, mission, roll_interval_s is given',
    abort: true,
  });
export type SurveyStartRequest = z.infer<typeof surveyStartRequest>;

const SURVEY_KEYS = ['schema_version', 'roll_interval_s', 'rate_hz', 'mission'];

/** Whether a start request opens a session of this generation. */
export function isSurveyRequest(body: object): boolean {
  return SURVEY_KEYS.some((key) => key in body);
}

export const surveyStartReply = z.object({
  session_id: sessionId,
  started_at: isoTime.meta({ description: 'When the session began' }),
  rate_hz: z.number().meta({ description: 'Expected readings a second, in Hz' }),
  schema_version: schemaVersion,
});

/** Added to what /record/stop answers anyway. */
export const surveyStopReply = z.object({
  stopped_at: isoTime.meta({ description: 'When the session was stopped' }),
  chunks: z.int().min(0).meta({ description: 'Finalized chunks' }),
  rows: z.int().min(0).meta({ description: 'Rows in them' }),
});

export const surveyStatus = z.object({
  session_id: sessionId,
  state: z.enum(['recording', 'stopped']).meta({ description: 'Whether rows still come' }),
  rows: z.int().min(0).meta({ description: 'Rows so far' }),
  bytes: z.int().min(0).meta({ description: 'Bytes so far' }),
  last_chunk_index: z.int().min(-1).meta({ description: '-1 while no chunk is finalized' }),
  backlog: z.int().min(0).meta({ description: 'Rows that are in no finalized chunk yet' }),
});

export const surveySnapshots = z
  .array(
    z.object({
      index: z.int().min(0).meta({ description: 'Chunk number in the session, from 0' }),
      name: z.string().meta({ description: 'Name of the chunk', examples: ['chunk_00000.csv'] }),
      size_bytes: z.int().min(0).meta({ description: 'Size of the file in bytes' }),
      sha256: z.string().meta({ description: 'SHA-256 of the file, hex' }),
      rows: z.int().min(0).meta({ description: 'Rows in the chunk' }),
    }),
  )
  .meta({ description: 'A bare list, for sessions that a survey client opened' });

export const surveyRoutes = {
  syncMarker: route({
    method: 'post',
    path: '/record/sync-marker',
    tag: 'Recording',
    summary: 'Put a sync marker into the recorded rows, in place',
    description:
      'The row has the time of the call, mode SYNC_START or SYNC_STOP, and the sync_id as its value.',
    body: z.looseObject({
      session_id: sessionId,
      sync_id: z
        .uuid()
        .meta({ description: 'The same id goes into the other sensor of the survey' }),
      marker_type: markerType,
    }),
    reply: z.object({
      session_id: sessionId,
      sync_id: z.uuid().meta({ description: 'As it was given' }),
      marker_type: markerType,
      timestamp: isoTime.meta({ description: 'As it stands in the row' }),
    }),
    errors: ['not_recording', 'other_session'],
  }),
  syncTime: route({
    method: 'get',
    path: '/api/sync/time',
    tag: 'Service',
    summary: "The vehicle's clock, answered at once, to measure the offset to it",
    reply: z.object({
      pi_iso: isoTime.meta({ description: "The vehicle's clock, UTC" }),
      pi_unix_ms: z.number().meta({ description: 'The same as milliseconds since 1970' }),
      mono_s: z.number().meta({
        description: 'Seconds since the vehicle’s boot at that moment, on a clock that never steps',
      }),
      container_version: z.string().meta({ description: 'Version of this software' }),
      schema_version: schemaVersion,
    }),
    errors: [],
  }),
};
