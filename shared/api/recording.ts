import { z } from 'zod';
import { damageList } from '../damage.ts';
import {
  chunk,
  chunkIntervalS,
  isoTime,
  sessionId,
  sessionState,
  trigger,
  userMetadata,
} from '../session.ts';
import { sealedPart } from '../vehicle.ts';
import { route } from './route.ts';
import {
  surveySnapshots,
  surveyStartReply,
  surveyStartRequest,
  surveyStatus,
  surveyStopReply,
} from './survey.ts';

const optionalSession = z.object({ session_id: sessionId.optional() });

export const startRequest = z.strictObject({
  chunk_interval_s: chunkIntervalS.optional(),
  metadata: userMetadata.optional(),
});

export type StartRequest = z.infer<typeof startRequest>;

export const startReply = z.object({
  session_id: sessionId,
  start_time: isoTime,
  chunk_interval_s: chunkIntervalS,
  storage_path: z.string().meta({ description: 'Folder of the session on the vehicle' }),
});

export const stopReply = z.object({
  session_id: sessionId,
  final_chunk_count: z.int().min(0).meta({ description: 'Finalized chunks of the session' }),
  total_rows: z.int().min(0).meta({ description: 'Readings in all its chunks' }),
  duration_s: z.number().min(0).meta({ description: 'Seconds from start to stop' }),
});

export const recordStatus = z.object({
  is_recording: z.boolean().meta({
    description: 'False: everything below is 0 or null, but state and failure, unless it is sealed',
  }),
  is_sealing: z.boolean().meta({
    description: 'The session was stopped, and the disk has not confirmed its last rows yet',
  }),
  disk_wait_s: z.number().min(0).meta({
    description: 'Seconds for which the disk has not confirmed what it was given; 0: it has',
  }),
  session_id: sessionId
    .nullable()
    .meta({ description: 'The session that is recorded; null: none' }),
  chunk_count: z.int().min(0).meta({ description: 'Finalized chunks' }),
  elapsed_time_s: z.number().min(0).meta({ description: 'Seconds since the session began' }),
  current_chunk_rows: z.int().min(0).meta({ description: 'Rows in the chunk being written' }),
  total_rows: z.int().min(0).meta({ description: 'Readings so far, finalized or not' }),
  state: sessionState.nullable().meta({ description: 'Of this session, or of the last one' }),
  failure: z.string().nullable().meta({ description: 'Why the last session failed, in words' }),
  mission: z
    .string()
    .nullable()
    .meta({ description: 'mission of the metadata; null where none was given' }),
  start_time: isoTime.nullable().meta({ description: 'When the session began, UTC' }),
  chunk_interval_s: chunkIntervalS
    .nullable()
    .meta({ description: 'Seconds of readings per chunk' }),
  size_bytes: z.int().min(0).meta({ description: 'Bytes so far, finalized or not' }),
  last_sealed_at: isoTime.nullable().meta({ description: 'When the last chunk was finalized' }),
  resumed_at: isoTime.nullable().meta({ description: 'When it went on by itself after a restart' }),
  disk_free_bytes: z
    .int()
    .min(0)
    .nullable()
    .meta({ description: 'Free bytes on the disk of the recordings; null: not known' }),
  disk_left_s: z
    .number()
    .min(0)
    .nullable()
    .meta({ description: 'Seconds until the disk reserve is reached at this rate' }),
  trigger: trigger.nullable(),
  by_itself: z.string().nullable().meta({
    description: 'What the recorder will begin or end by itself, in words; null: nothing',
  }),
});

export const snapshots = z.object({
  session_id: sessionId,
  chunks: z.array(chunk).meta({ description: 'Finalized chunks only, by index' }),
  total_chunks: z
    .int()
    .min(0)
    .meta({ description: 'Finalized chunks of the session, also those left out' }),
  total_size_bytes: z.int().min(0).meta({ description: 'Size of all finalized chunks in bytes' }),
  other_files: z
    .array(sealedPart)
    .meta({ description: 'What is sealed of the files beside the chunks; they grow' }),
  damage: damageList.exactOptional(),
});

export const recordingRoutes = {
  recordStart: route({
    method: 'post',
    path: '/record/start',
    tag: 'Recording',
    summary: 'Begin a recording session',
    description:
      'Connects and starts acquisition first where needed. Sensor not reachable: 503 or 504, and no session is left behind.',
    body: z.union([startRequest, surveyStartRequest]),
    reply: z.union([startReply, surveyStartReply]),
    errors: [
      'recording_elsewhere',
      'sensor_not_connected',
      'already_recording',
      'reserved_metadata_key',
      'not_a_serial_port',
      'busy',
      'port_unavailable',
      'storage_unavailable',
      'not_connected',
      'sensor_no_answer',
      'sensor_refused',
      'disk_full',
    ],
  }),
  recordStop: route({
    method: 'post',
    path: '/record/stop',
    tag: 'Recording',
    summary: 'End the recording session',
    description: 'After the answer every row is in a finalized chunk. The sensor stays connected.',
    query: optionalSession,
    body: z.strictObject({ session_id: sessionId.optional() }),
    reply: z.union([stopReply.extend(surveyStopReply.shape), stopReply]),
    errors: ['not_recording', 'other_session', 'storage_unavailable', 'disk_full'],
  }),
  recordStatus: route({
    method: 'get',
    path: '/record/status',
    tag: 'Recording',
    summary: 'What is being recorded now',
    query: optionalSession,
    reply: z.union([recordStatus, surveyStatus]),
    errors: ['other_session'],
  }),
  recordSnapshots: route({
    method: 'get',
    path: '/record/snapshots',
    tag: 'Recording',
    summary: 'Finalized chunks of a session, with SHA-256',
    description: 'Answers to If-None-Match with 304. Poll this to mirror a session.',
    query: z.object({
      session_id: z.string().min(1).meta({ description: 'Session id, UUID version 4' }),
      after_index: z.coerce
        .number()
        .int()
        .min(-1)
        .optional()
        .meta({ description: 'Only chunks with a larger index, for slow tethers' }),
    }),
    reply: z.union([snapshots, surveySnapshots]),
    otherReplies: { 304: 'Nothing changed since the ETag in If-None-Match' },
    errors: ['session_not_found'],
  }),
  recordTail: route({
    method: 'get',
    path: '/record/tail',
    tag: 'Recording',
    summary: 'The rows of a running session as they are recorded, ahead of their chunk',
    description:
      'Begins with what is in no finalized chunk yet, and ends with the session. Sessions of survey clients have no tail.',
    query: z.object({
      session_id: sessionId,
      from_seq: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .meta({ description: 'seq of the first row that is wanted' }),
    }),
    reply: {
      contentTypes: ['application/x-ndjson'],
      description: 'Rows as in the chunks, one JSON object a line, for as long as it is recorded',
    },
    errors: ['session_not_found'],
  }),
  file: route({
    method: 'get',
    path: '/files/{session_id}/{filename}',
    tag: 'Recording',
    summary: 'The bytes of a finalized chunk, or of what is sealed of vehicle.jsonl',
    description:
      'A finalized chunk never changes; vehicle.jsonl only grows, and its ETag with it. Range and conditional requests work.',
    params: z.object({
      session_id: z.string().meta({ description: 'Session id, UUID version 4' }),
      filename: z.string().meta({ description: 'As /record/snapshots names it' }),
    }),
    reply: {
      contentTypes: ['application/x-ndjson', 'text/csv'],
      description:
        'One JSON object a line; text/csv for the chunks of a session that a survey client opened',
    },
    otherReplies: {
      206: 'The bytes asked for with Range',
      304: 'The client has it: the ETag in If-None-Match fits',
    },
    errors: ['forbidden_path', 'file_not_found', 'precondition_failed', 'range_not_satisfiable'],
  }),
};
