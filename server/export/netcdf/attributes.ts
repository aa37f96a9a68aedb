import { citation } from '../../../shared/archive/cite.ts';
import { titleOf } from '../../../shared/archive/described.ts';
import { lacksOf } from '../../../shared/archive/lacks.ts';
import { oneLine } from '../../../shared/archive/prose.ts';
import { untold } from '../../../shared/archive/told.ts';
import { isoMicros } from '../../../shared/clock.ts';
import type { ExportSession } from '../export-session.ts';
import type { Attributes, AttributeValue } from './classic.ts';
import type { Extent, Extents } from './extents.ts';

type Told = Record<string, AttributeValue | null>;

/** Global attributes of CF 1.8 and ACDD 1.3; what is not known is left out. */
export function globalAttributes(
  session: ExportSession,
  extents: Extents,
  isTrajectory: boolean,
): Attributes {
  const all: Told = {
    Conventions: 'CF-1.8, ACDD-1.3',
    featureType: isTrajectory ? 'trajectory' : null,
    ...about(session),
    ...people(session),
    ...coverage(extents),
    date_created: new Date().toISOString(),
    comment: commentOf(session, extents, isTrajectory),
  };
  const told = Object.entries(all).filter(
    (entry): entry is [string, AttributeValue] => entry[1] !== null && entry[1] !== '',
  );
  return Object.fromEntries(
    told.map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]),
  );
}

function about({ detail, deployment }: ExportSession): Told {
  const { summary, metadata } = detail;
  const version = metadata['software_version'];
  const model = deployment?.instrument_model ?? 'Biospherical Q-Series PAR sensor';
  return {
    title: deployment?.title ?? titleOf(detail),
    summary:
      'Photosynthetically active radiation under water, each reading of the sensor, with the depth and position of the vehicle where that told them.',
    keywords: 'photosynthetically active radiation, PAR, underwater light, ocean optics',
    ...{ id: summary.session_id, source: 'light sensor on an underwater vehicle' },
    ...{ platform: 'remotely operated underwater vehicle', processing_level: 'raw' },
    instrument: model,
    instrument_serial_number: summary.sensor_id,
    history: typeof version === 'string' ? `recorded by qsensor-recorder ${version}` : null,
    calibration_sheet: deployment?.calibration_sheet ?? null,
    calibration_date: deployment?.calibration_date ?? null,
  };
}

function people(session: ExportSession): Told {
  const { deployment } = session;
  const { project, cruise, station, institution, license, contact } = deployment ?? {};
  return {
    creator_name: deployment?.investigators.join('; ') ?? null,
    creator_institution: deployment?.affiliations.join('; ') ?? null,
    creator_email: contact?.includes('@') ? contact : null,
    ...{ institution: institution ?? null, project: project ?? null, license: license ?? null },
    ...{ cruise: cruise ?? null, station: station ?? null },
    references: citation(session).text,
  };
}

function coverage({ micros, latitude, longitude, depth }: Extents): Told {
  const span = (extent: Extent | null, name: string): Told =>
    extent === null ? {} : { [`${name}_min`]: extent.min, [`${name}_max`]: extent.max };
  return {
    ...span(latitude, 'geospatial_lat'),
    ...span(longitude, 'geospatial_lon'),
    ...span(depth, 'geospatial_vertical'),
    ...(latitude && { geospatial_lat_units: 'degrees_north' }),
    ...(longitude && { geospatial_lon_units: 'degrees_east' }),
    ...(depth && { geospatial_vertical_units: 'm', geospatial_vertical_positive: 'down' }),
    ...(micros && {
      time_coverage_start: isoMicros(micros.min),
      time_coverage_end: isoMicros(micros.max),
      time_coverage_duration: `PT${((micros.max - micros.min) / 1e6).toFixed(3)}S`,
    }),
  };
}

function commentOf(session: ExportSession, extents: Extents, isTrajectory: boolean): string {
  const { backwards, damagedLines } = extents;
  return [
    'Nothing is filled in: a value that is not known is _FillValue.',
    ...(isTrajectory ? [] : ['The vehicle told no position, so this is no trajectory.']),
    ...(backwards > 0 ? [`The time does not increase at ${backwards} readings.`] : []),
    ...(damagedLines > 0 ? [`${damagedLines} damaged lines are left out.`] : []),
    ...lacksOf(session),
    ...untold(session.deployment),
  ].join(' ');
}
