import { Readable } from 'node:stream';
import { lacksOf } from '../../../shared/archive/lacks.ts';
import { CorrectedClock } from '../../../shared/corrected-clock.ts';
import { ApiError } from '../../../shared/errors.ts';
import { SessionClock } from '../../../shared/session-clock.ts';
import type { ExportSession } from '../export-session.ts';
import { fixes } from './fixes.ts';
import { geojson } from './geojson.ts';
import { gpx } from './gpx.ts';
import { kml } from './kml.ts';
import { type TrackCounts, type TrackPoint, trackPoints } from './points.ts';

/** A track in one of its spellings. */
export type TrackWriter = (
  session: ExportSession,
  points: AsyncIterable<TrackPoint[]>,
  /** To be asked after the last point: what the track lacks, in sentences. */
  lacks: () => string[],
) => AsyncIterable<string>;

export const TRACK_WRITERS = { geojson, gpx, kml } as const satisfies Record<string, TrackWriter>;
export type TrackFormat = keyof typeof TRACK_WRITERS;

export function isTrackFormat(format: string): format is TrackFormat {
  return Object.hasOwn(TRACK_WRITERS, format);
}

/** The way of the vehicle with its light. Rejects with nothing_recorded where no position is known. */
export async function sessionTrack(session: ExportSession, format: TrackFormat): Promise<Readable> {
  if (!(await hasPosition(session))) {
    const detail =
      'This session has no position, so it has no track: take CSV, Parquet or ZIP for its readings.';
    throw new ApiError('nothing_recorded', detail);
  }
  const counts: TrackCounts = {
    ...{ chunkLines: 0, vehicleLines: 0, points: 0, withoutDepth: 0, withoutLight: 0 },
  };
  const lacks = () => [...lacksOf(session), ...leftOut(counts)];
  const text = TRACK_WRITERS[format](session, trackPoints(session, counts), lacks);
  return Readable.from(bytes(text), { objectMode: false });
}

async function hasPosition(session: ExportSession): Promise<boolean> {
  const clock = new SessionClock(session.startTime, session.byWallClock);
  const clocks = { session: clock, corrected: new CorrectedClock(session) };
  for await (const _ of fixes(session.folder, clocks)) return true;
  return false;
}

async function* bytes(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) if (text !== '') yield Buffer.from(text);
}

function leftOut(counts: TrackCounts): string[] {
  const { points, withoutDepth, withoutLight, chunkLines, vehicleLines } = counts;
  return [
    ...(withoutDepth > 0 ? [`The depth of ${withoutDepth} of ${points} points is not known.`] : []),
    ...(withoutLight > 0 ? [`${withoutLight} of ${points} points have no reading.`] : []),
    ...(chunkLines > 0 ? [`${chunkLines} damaged lines of chunks are left out.`] : []),
    ...(vehicleLines > 0 ? [`${vehicleLines} damaged lines of vehicle.jsonl are left out.`] : []),
  ];
}
