import { lightOf, titleOf } from '../../../shared/archive/described.ts';
import { isoMicros } from '../../../shared/clock.ts';
import type { ExportSession } from '../export-session.ts';
import type { TrackPoint } from './points.ts';

/**
 * RFC 7946: a point for each position, `[lon, lat, -depth]`; what the session is, and what the
 * track lacks, in the members beside `features`.
 */
export async function* geojson(
  { detail }: ExportSession,
  points: AsyncIterable<TrackPoint[]>,
  lacks: () => string[],
): AsyncGenerator<string> {
  const { units } = lightOf(detail);
  const about = { title: titleOf(detail), session_id: detail.summary.session_id };
  const head = JSON.stringify({ type: 'FeatureCollection', ...about, light_units: units });
  yield `${head.slice(0, -1)},"features":[`;
  let comma = '\n';
  for await (const block of points) {
    yield `${comma}${block.map((point) => JSON.stringify(feature(point))).join(',\n')}`;
    comma = ',\n';
  }
  yield `\n],"lacks":${JSON.stringify(lacks())}}\n`;
}

function feature(point: TrackPoint) {
  const { longitude, latitude, depth, light } = point;
  const height = depth === null ? [] : [0 - depth];
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [longitude, latitude, ...height] },
    properties: {
      time: isoMicros(point.micros),
      ...{ elapsed_s: Number(point.elapsed.toFixed(6)), depth_m: depth },
      ...{ light_mean: light?.mean ?? null, light_min: light?.min ?? null },
      ...{ light_max: light?.max ?? null, readings: light?.count ?? 0 },
      ...{ position_source: point.source, fix_type: point.fixType },
      ...{ satellites: point.satellites, hdop: point.hdop },
      ...{ after_lost_position: point.isStart, marker: point.marker },
    },
  };
}
