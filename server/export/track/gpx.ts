import { lightOf, titleOf } from '../../../shared/archive/described.ts';
import { isoMicros } from '../../../shared/clock.ts';
import type { ExportSession } from '../export-session.ts';
import type { TrackPoint } from './points.ts';
import { element, xml } from './xml.ts';

const GPX = 'http://www.topografix.com/GPX/1/1';
/** Names our own elements; nothing is to be found there. */
const OWN = 'urn:qsensor-recorder:track:1';
/** By MAVLink's number; what is better than differential has no name in GPX. */
const FIXES: Readonly<Record<number, string>> = {
  ...{ 0: 'none', 1: 'none', 2: '2d', 3: '3d', 4: 'dgps', 5: 'dgps', 6: 'dgps' },
};

/** GPX 1.1: one track, a segment for each stretch without a lost position. `ele` is minus the depth. */
export async function* gpx(
  { detail }: ExportSession,
  points: AsyncIterable<TrackPoint[]>,
  lacks: () => string[],
): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="qsensor-recorder" xmlns="${GPX}" xmlns:q="${OWN}">\n`;
  yield `<trk>${element('name', titleOf(detail))}\n`;
  let isOpen = false;
  for await (const block of points) {
    let text = '';
    for (const point of block) {
      if (point.isStart) text += `${isOpen ? '</trkseg>\n' : ''}<trkseg>\n`;
      isOpen = true;
      text += trackPoint(point);
    }
    yield text;
  }
  if (isOpen) yield '</trkseg>\n';
  const told = lacks().map((lack) => element('q:lacks', lack));
  const units = element('q:light_units', lightOf(detail).units);
  yield `</trk>\n<extensions>${units}${told.join('')}</extensions>\n</gpx>\n`;
}

function trackPoint(point: TrackPoint): string {
  const { latitude, depth, light } = point;
  // The schema has no 180.
  const longitude = point.longitude === 180 ? -180 : point.longitude;
  const extensions = [
    element('q:depth_m', depth),
    element('q:light_mean', light?.mean ?? null),
    element('q:light_min', light?.min ?? null),
    element('q:light_max', light?.max ?? null),
    element('q:readings', light?.count ?? 0),
    element('q:position_source', point.source),
    element('q:fix_type', point.fixType),
  ];
  return [
    `<trkpt lat="${xml(decimal(latitude))}" lon="${xml(decimal(longitude))}">`,
    element('ele', depth === null ? null : decimal(0 - depth)),
    element('time', isoMicros(point.micros)),
    element('cmt', point.marker),
    element('fix', point.fixType === null ? null : (FIXES[point.fixType] ?? null)),
    element('sat', isCount(point.satellites) ? point.satellites : null),
    element('hdop', point.hdop === null ? null : decimal(point.hdop)),
    `<extensions>${extensions.join('')}</extensions></trkpt>\n`,
  ].join('');
}

/** MAVLink's 255 says that the number is not known. */
function isCount(satellites: number | null): boolean {
  return satellites !== null && satellites >= 0 && satellites < 255;
}

/** Without an exponent, which a decimal of XML Schema can't have. */
function decimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12) : text;
}
