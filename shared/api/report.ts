import { z } from 'zod';
import { deployment } from '../archive/deployment.ts';
import { collector } from '../cf.ts';
import { damage } from '../damage.ts';
import { isoTime, sessionId, sessionState } from '../session.ts';
import { cast, leftOut, profileMarker } from './profile.ts';
import { route } from './route.ts';

const words = (description: string) => z.array(z.string()).meta({ description });
const numbers = (description: string) => z.array(z.number()).meta({ description });
const text = (description: string) => z.string().nullable().meta({ description });

const light = z.object({
  units: text('Unit of all light here, as the sensor tells it; null: it told none'),
  cf_factor: z
    .number()
    .nullable()
    .meta({ description: 'Light times this is in mol m-2 s-1; null: not known' }),
  cf_standard_name: text('CF standard name, under water; null: not known'),
  collector: collector.nullable().meta({ description: 'By the settings; null: not known' }),
  immersion_factor: z
    .number()
    .nullable()
    .meta({ description: 'Kept by the sensor, not applied; null: not told' }),
  dark_offset: z.number().meta({ description: 'Taken off for the profile, in the same unit' }),
  smallest: z.number().nullable().meta({ description: 'Smallest reading; null: there is none' }),
  largest: z.number().nullable().meta({ description: 'Largest reading; null: there is none' }),
});

const overTime = z.object({
  bin_s: z.number().meta({ description: 'Width of a bin in seconds' }),
  elapsed_s: numbers('Start of each bin that has readings, seconds since the session began'),
  mean: numbers('Mean light of each'),
  min: numbers('Smallest light of each'),
  max: numbers('Largest light of each'),
  gap_from_s: numbers('Last reading before each gap, seconds since the session began'),
  gap_to_s: numbers('First reading after it, in the same seconds'),
  depth_elapsed_s: numbers('Moments of depth_m, seconds since the session began'),
  depth_m: z
    .array(z.number().nullable())
    .meta({ description: 'Metres, positive down; null: not known at that moment' }),
});

const track = z.object({
  points: z.int().min(0).meta({ description: 'Positions that the vehicle told, each once' }),
  elapsed_s: numbers('Moments of those given here, at most 1000, seconds since it began'),
  latitude_deg: numbers('Degrees north, WGS 84'),
  longitude_deg: numbers('Degrees east, WGS 84'),
});

const note = z.object({
  timestamp: isoTime.meta({
    description: 'UTC, put right by the clock it was compared with, else for steps of the clock',
  }),
  kind: z.string().meta({ description: 'As in events.jsonl' }),
  detail: z.string().meta({ description: 'In words' }),
});

const file = z.object({
  filename: z.string().meta({ description: 'Name in the session’s folder' }),
  size_bytes: z.int().min(0).meta({ description: 'Bytes' }),
  sha256: z.string().meta({ description: 'SHA-256, hex; of sealed files as it was recorded' }),
});

/** A dive on two pages. */
export const report = z.object({
  session_id: sessionId,
  title: z.string().meta({ description: 'By the deployment, else the mission, else the id' }),
  state: sessionState,
  failure: text('Why it failed; null: it did not'),
  began: isoTime.meta({
    description: 'UTC, put right by the clock it was compared with, else for steps of the clock',
  }),
  ended: isoTime.nullable().meta({ description: 'UTC; null while it is recorded' }),
  duration_s: z.number().meta({ description: 'Seconds from its start to its end, or until now' }),
  rows: z.int().min(0).meta({ description: 'Rows of all finalized chunks' }),
  deployment: deployment.nullable().meta({ description: 'What people said; null: nothing' }),
  citation: z.string().meta({ description: 'For a list of references' }),
  sensor_id: text('Serial number of the sensor; null: not told'),
  sensor: z.record(z.string(), z.json()).meta({ description: 'What the sensor said of itself' }),
  light: light.meta({ description: 'What the light is, and between which values' }),
  over_time: overTime.meta({ description: 'Light and depth over the time of the session' }),
  track: track.nullable().meta({ description: 'null: the vehicle told no position' }),
  profile_problem: text('Why there is no profile, in words; null where there is one'),
  casts: z.array(cast).meta({ description: 'Descents and ascents with Kd, in order of time' }),
  left_out: leftOut.meta({ description: 'Readings that are in no bin of a cast, by reason' }),
  markers: z.array(profileMarker).meta({ description: 'Markers of the pilot, oldest first' }),
  flags: words('What is said of the quality of readings: here that nobody flagged any'),
  notes: z.array(note).meta({ description: 'What made gaps, or may have, oldest first' }),
  clock: words('When the clock was set, and what that means for times'),
  lacks: words('What is not known, each in a sentence'),
  damage: z.array(damage).meta({ description: 'What is not as it was recorded' }),
  files: z.array(file).meta({
    description: 'The files of the session; where there are over 500 chunks, without them',
  }),
  file_list: z
    .object({
      count: z.int().min(0).meta({ description: 'Files of the session, all of them' }),
      sha256: z.string().meta({
        description: 'SHA-256 of their list as sha256sum writes it, chunks first, as in `files`',
      }),
    })
    .meta({ description: 'What stands for all files' }),
  methods: z
    .object({
      recorded_by: text('Version of the recorder; null: not told'),
      reported_by: z.string().meta({ description: 'Version that made this report' }),
      report: z.int().meta({ description: 'Version of this report' }),
      profile: z.int().meta({ description: 'Version of the method of docs/light-profile.md' }),
    })
    .meta({ description: 'What made the recording, and this' }),
});
export type Report = z.infer<typeof report>;

const params = z.object({ session_id: sessionId });
const errors = ['session_not_found', 'forbidden_path', 'storage_unavailable'] as const;

export const reportRoutes = {
  sessionReport: route({
    method: 'get',
    path: '/sessions/{session_id}/report',
    tag: 'Sessions',
    summary: 'The dive as one HTML file without scripts, which prints to two A4 pages',
    params,
    reply: {
      contentTypes: ['text/html'],
      description: 'Needs nothing else: it can be mailed, archived and printed as it is.',
    },
    errors,
  }),
  sessionReportJson: route({
    method: 'get',
    path: '/sessions/{session_id}/report.json',
    tag: 'Sessions',
    summary: 'The same numbers as JSON',
    params,
    reply: report,
    errors,
  }),
};
