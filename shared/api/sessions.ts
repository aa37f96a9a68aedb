import { z } from 'zod';
import { chunk, sessionEvent, sessionId, sessionSummary } from '../session.ts';
import { sealedPart } from '../vehicle.ts';
import { route } from './route.ts';

const params = z.object({ session_id: sessionId });

export const sessionDetail = z.object({
  summary: sessionSummary.meta({ description: 'The session in short' }),
  metadata: z.record(z.string(), z.json()).meta({ description: 'metadata.json as it stands' }),
  chunks: z.array(chunk).meta({ description: 'Finalized chunks, by index' }),
  other_files: z
    .array(sealedPart)
    .meta({ description: 'What is sealed of the files beside the chunks; empty: there are none' }),
  events: z.array(sessionEvent).meta({ description: 'What made or explains a hole, oldest first' }),
});
export type SessionDetail = z.infer<typeof sessionDetail>;

/** One number per bin in each array; bins without a reading are left out. */
export const preview = z.object({
  session_id: sessionId,
  total_rows: z.int().min(0).meta({ description: 'Rows behind the picture (finalized chunks)' }),
  damaged_lines: z
    .int()
    .min(0)
    .meta({ description: 'Lines of the chunks that are no rows; they are left out' }),
  bin_s: z.number().meta({ description: 'Width of a bin in seconds' }),
  elapsed_s: z
    .array(z.number())
    .meta({ description: 'Start of each bin, in seconds since the session began' }),
  timestamp: z.array(z.string()).meta({ description: 'UTC of the first reading of each bin' }),
  min: z
    .array(z.number())
    .meta({ description: 'Smallest value of each bin, in the unit of the sensor' }),
  max: z
    .array(z.number())
    .meta({ description: 'Largest value of each bin, in the unit of the sensor' }),
  mean: z.array(z.number()).meta({ description: 'Mean of each bin, in the unit of the sensor' }),
  count: z.array(z.int()).meta({ description: 'Readings in each bin' }),
  period_s: z.number().nullable().meta({
    description: 'The usual time between two readings, in seconds, at the end; null: not known',
  }),
  gap_from_s: z.array(z.number()).meta({
    description:
      'Where readings are missing, told from their distances: the last one before each gap, in seconds since the session began. A bin without a reading need not be one',
  }),
  gap_to_s: z
    .array(z.number())
    .meta({ description: 'The first reading after each gap, in seconds since the session began' }),
});
export type Preview = z.infer<typeof preview>;

export const sessionRoutes = {
  sessions: route({
    method: 'get',
    path: '/sessions',
    tag: 'Sessions',
    summary: 'Sessions on disk, newest first',
    query: z.object({
      offset: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .meta({ description: 'So many of the newest are left out' }),
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(500)
        .default(50)
        .meta({ description: 'At most so many in one answer' }),
    }),
    reply: z.object({
      sessions: z.array(sessionSummary).meta({ description: 'Newest first' }),
      total: z.int().min(0).meta({ description: 'All sessions on the disk' }),
      total_size_bytes: z.int().min(0).meta({ description: 'Bytes of all their chunks' }),
    }),
    errors: [],
  }),
  session: route({
    method: 'get',
    path: '/sessions/{session_id}',
    tag: 'Sessions',
    summary: 'A session with its metadata, chunks and events',
    params,
    query: z.object({
      after_index: z.coerce
        .number()
        .int()
        .min(-1)
        .optional()
        .meta({ description: 'Only chunks with a larger index, for slow tethers' }),
    }),
    reply: sessionDetail,
    errors: ['session_not_found'],
  }),
  deleteSession: route({
    method: 'delete',
    path: '/sessions/{session_id}',
    tag: 'Sessions',
    summary: 'Delete a session for good; never the one being recorded',
    params,
    reply: z.object({
      status: z.literal('deleted').meta({ description: 'What was done' }),
      session_id: sessionId,
    }),
    errors: ['session_not_found', 'session_active'],
  }),
  sessionExport: route({
    method: 'get',
    path: '/sessions/{session_id}/export',
    tag: 'Sessions',
    summary: 'The whole session as one download (finalized chunks so far)',
    description:
      'zip holds the chunks, vehicle.jsonl where there is one, metadata.json, events.jsonl and MANIFEST.sha256 for sha256sum -c.',
    params,
    query: z.object({
      format: z
        .enum(['jsonl', 'csv', 'parquet', 'zip', 'netcdf', 'seabass', 'geojson', 'gpx', 'kml'])
        .meta({
          description:
            'zip: the chunks as they are · jsonl, csv, parquet: their rows in one file · netcdf: their readings with depth and position, CF 1.8 and ACDD 1.3 · seabass: a zip with a file for each cast, and what SeaBASS would say of it · geojson, gpx, kml: the positions of the vehicle, with the light since the position before, depth and quality of the fix; a session without a position has none',
        }),
      compress: z.stringbool().default(true).meta({
        description: 'false: a zip without compression, whose length is told beforehand',
      }),
    }),
    reply: {
      contentTypes: [
        'application/x-ndjson',
        'text/csv',
        'application/vnd.apache.parquet',
        'application/zip',
        'application/x-netcdf',
        'application/geo+json',
        'application/gpx+xml',
        'application/vnd.google-earth.kml+xml',
      ],
      description:
        'Streamed. Content-Length where it is known beforehand (jsonl, netcdf, seabass, zip with compress=false); X-Row-Count: ' +
        'rows in it. docs/downloads.md says how to check that a download is whole. Rows: columns timestamp, sensor_id, mode, value, TempC, Vin, seq, elapsed_s; in CSV ' +
        'and Parquet also depth_m (metres) and marker (words of the pilot), each only where the ' +
        'session has such data. Tracks: docs/tracks.md',
    },
    errors: ['session_not_found', 'nothing_recorded', 'forbidden_path', 'busy'],
  }),
  sessionPreview: route({
    method: 'get',
    path: '/sessions/{session_id}/preview',
    tag: 'Sessions',
    summary: 'Minimum, maximum and mean per bin, for a plot',
    params,
    query: z.object({
      points: z.coerce
        .number()
        .int()
        .min(2)
        .max(5000)
        .default(600)
        .meta({ description: 'At most so many bins' }),
    }),
    reply: preview,
    errors: ['session_not_found', 'forbidden_path'],
  }),
};
