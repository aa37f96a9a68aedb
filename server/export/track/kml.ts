import { lightOf, titleOf } from '../../../shared/archive/described.ts';
import { isoMicros } from '../../../shared/clock.ts';
import type { ExportSession } from '../export-session.ts';
import type { TrackPoint } from './points.ts';
import { element } from './xml.ts';

const KML = 'http://www.opengis.net/kml/2.2';
const GX = 'http://www.google.com/kml/ext/2.2';
/** The times of a track stand before its places: so many are held at a time. */
const MOST_POINTS = 5000;

/** What each point has besides its time and place. */
const ARRAYS: Readonly<Record<string, (point: TrackPoint) => string | number | null>> = {
  depth_m: ({ depth }) => depth,
  light_mean: ({ light }) => light?.mean ?? null,
  light_min: ({ light }) => light?.min ?? null,
  light_max: ({ light }) => light?.max ?? null,
  readings: ({ light }) => light?.count ?? 0,
  position_source: ({ source }) => source,
  fix_type: ({ fixType }) => fixType,
  satellites: ({ satellites }) => satellites,
  hdop: ({ hdop }) => hdop,
  marker: ({ marker }) => marker,
};

/**
 * KML 2.2 with one gx:MultiTrack that joins nothing across lost positions. A stretch without
 * depth is a track on the ground, since a place of KML can't leave out its height.
 */
export async function* kml(
  { detail }: ExportSession,
  points: AsyncIterable<TrackPoint[]>,
  lacks: () => string[],
): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="${KML}" xmlns:gx="${GX}">\n<Document>`;
  yield `${element('name', titleOf(detail))}\n<Schema id="point">${fields(lightOf(detail).units)}</Schema>\n`;
  yield '<Placemark><name>Track</name><gx:MultiTrack><gx:interpolate>0</gx:interpolate>\n';
  for await (const stretch of stretches(points)) yield track(stretch);
  yield '</gx:MultiTrack></Placemark>\n<Placemark><name>What this track lacks</name>';
  yield `${element('description', lacks().join('\n'))}</Placemark>\n</Document>\n</kml>\n`;
}

function fields(units: string | null): string {
  const shown = (name: string) =>
    name.startsWith('light') && units !== null ? `${name} (${units})` : name;
  return Object.keys(ARRAYS)
    .map((name) => {
      const label = element('displayName', shown(name));
      return `<gx:SimpleArrayField name="${name}" type="string">${label}</gx:SimpleArrayField>`;
    })
    .join('');
}

async function* stretches(points: AsyncIterable<TrackPoint[]>): AsyncGenerator<TrackPoint[]> {
  let stretch: TrackPoint[] = [];
  for await (const block of points) {
    for (const point of block) {
      const last = stretch.at(-1);
      if (last && (stretch.length >= MOST_POINTS || isOther(last, point))) {
        yield stretch;
        stretch = [];
      }
      stretch.push(point);
    }
  }
  if (stretch.length > 0) yield stretch;
}

function isOther(last: TrackPoint, point: TrackPoint): boolean {
  return point.isStart || (last.depth === null) !== (point.depth === null);
}

function track(stretch: readonly TrackPoint[]): string {
  const mode = stretch[0]?.depth === null ? 'clampToGround' : 'absolute';
  const times = stretch.map(({ micros }) => `<when>${isoMicros(micros)}</when>`);
  const places = stretch.map(({ longitude, latitude, depth }) => {
    return `<gx:coord>${longitude} ${latitude} ${0 - (depth ?? 0)}</gx:coord>`;
  });
  const arrays = Object.entries(ARRAYS).map(([name, of]) => {
    const values = stretch.map((point) => element('gx:value', of(point) ?? ''));
    return `<gx:SimpleArrayData name="${name}">${values.join('')}</gx:SimpleArrayData>`;
  });
  return [
    `<gx:Track><altitudeMode>${mode}</altitudeMode>\n${times.join('')}\n${places.join('')}\n`,
    `<ExtendedData><SchemaData schemaUrl="#point">${arrays.join('\n')}</SchemaData></ExtendedData>`,
    '</gx:Track>\n',
  ].join('');
}
