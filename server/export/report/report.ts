import type { Profile } from '../../../shared/api/profile.ts';
import type { Report } from '../../../shared/api/report.ts';
import type { Preview } from '../../../shared/api/sessions.ts';
import { citation } from '../../../shared/archive/cite.ts';
import { lightOf, titleOf } from '../../../shared/archive/described.ts';
import { lacksOf } from '../../../shared/archive/lacks.ts';
import { clockRule, timeNotes } from '../../../shared/archive/times.ts';
import { untold } from '../../../shared/archive/told.ts';
import { CorrectedClock } from '../../../shared/corrected-clock.ts';
import { toneOf } from '../../../shared/event-tones.ts';
import { SessionClock } from '../../../shared/session-clock.ts';
import type { SessionOnDisk } from '../../catalogue/catalogue.ts';
import type { ExportSession } from '../export-session.ts';
import { METHOD as PROFILE_METHOD } from '../plots/profile.ts';
import { readTrack, vehicleFileState } from '../vehicle-track.ts';
import { fileSums } from './file-sums.ts';
import { trackPicture } from './track-picture.ts';

/** Counts up when what the report says, or how, changes. */
const METHOD = 1;
const DEPTH_POINTS = 600;

/** What was made of the session before. */
export interface ReportParts {
  preview: Preview;
  profile: Profile;
  session: SessionOnDisk;
  /** Version of this program. */
  software: string;
}

/** All that the report says, as numbers and sentences. */
export async function makeReport(session: ExportSession, parts: ReportParts): Promise<Report> {
  const { preview, profile } = parts;
  const { summary, metadata } = session.detail;
  const clock = new CorrectedClock(session);
  const { session_id, state, failure, start_time, end_time, duration_s, sensor_id } = summary;
  const recordedBy = metadata['software_version'];
  return {
    ...{ session_id, sensor_id, state, failure, duration_s, rows: parts.session.chunks.rows },
    title: session.deployment?.title ?? titleOf(session.detail),
    began: clock.iso(start_time, 0),
    ended: end_time && clock.iso(end_time, duration_s),
    deployment: session.deployment,
    citation: citation(session).text,
    sensor: sensorOf(metadata),
    light: lightFigures(session, parts),
    over_time: { ...seriesOf(preview), ...(await depths(session, duration_s)) },
    track: await trackPicture(session),
    ...{ profile_problem: profile.problem, casts: profile.casts },
    ...{ left_out: profile.left_out, markers: profile.markers },
    flags: ['No reading is flagged: this recorder makes no quality flags.'],
    notes: session.events
      .filter(({ kind }) => toneOf(kind) === 'warn')
      .map(({ timestamp, elapsed_s, kind, detail }) => ({
        ...{ timestamp: clock.iso(timestamp, elapsed_s), kind, detail },
      })),
    clock: [clockRule(session), ...timeNotes(session)],
    lacks: [...lacksOf(session), ...untold(session.deployment)],
    damage: [...parts.session.damage],
    ...(await fileSums(session.folder, parts.session)),
    methods: {
      recorded_by: typeof recordedBy === 'string' ? recordedBy : null,
      ...{ reported_by: parts.software, report: METHOD, profile: PROFILE_METHOD },
    },
  };
}

function sensorOf(metadata: ExportSession['detail']['metadata']): Report['sensor'] {
  const { sensor } = metadata;
  const isObject = typeof sensor === 'object' && sensor !== null && !Array.isArray(sensor);
  return isObject ? sensor : {};
}

function lightFigures(
  { detail }: ExportSession,
  { preview, profile }: ReportParts,
): Report['light'] {
  const { units, factor, standardName, collector, immersionFactor } = lightOf(detail);
  const isEmpty = preview.min.length === 0;
  return {
    ...{ units, cf_factor: factor, cf_standard_name: standardName, collector },
    ...{ immersion_factor: immersionFactor, dark_offset: profile.dark_offset },
    smallest: isEmpty ? null : Math.min(...preview.min),
    largest: isEmpty ? null : Math.max(...preview.max),
  };
}

function seriesOf(preview: Preview) {
  const { bin_s, elapsed_s, mean, min, max, gap_from_s, gap_to_s } = preview;
  return { bin_s, elapsed_s, mean, min, max, gap_from_s, gap_to_s };
}

/** Evenly over the session, each interpolated as in the profile, never beyond what is known. */
async function depths(session: ExportSession, durationS: number) {
  if ((await vehicleFileState(session.folder)) === null) {
    return { depth_elapsed_s: [], depth_m: [] };
  }
  const clock = new SessionClock(session.startTime, session.byWallClock);
  const { track } = await readTrack(session.folder, clock);
  const times = Array.from({ length: DEPTH_POINTS }, (_, at) => (at * durationS) / DEPTH_POINTS);
  return { depth_elapsed_s: times, depth_m: times.map((time) => track.depthAt(time)) };
}
