import type { Deployment } from './deployment.ts';
import { missingOfForm } from './missing.ts';
import { oneLine } from './prose.ts';

const LABELS: Readonly<Record<keyof Deployment, string>> = {
  ...{ title: 'Title', project: 'Project', cruise: 'Cruise', station: 'Station' },
  ...{ investigators: 'Investigators', affiliations: 'Their institutions', contact: 'Contact' },
  ...{ institution: 'Published by', license: 'Licence', instrument_model: 'Model of the sensor' },
  ...{ calibration_sheet: 'Calibration sheet', calibration_date: 'Day of the calibration' },
  ...{ water_depth_m: 'Water depth, m', cloud_percent: 'Clouds, %', wind_speed_m_s: 'Wind, m/s' },
  ...{ wave_height_m: 'Wave height, m', secchi_depth_m: 'Secchi depth, m' },
  sky_and_sea: 'Sky and sea',
};

/** What people said of the dive, each with what it is; nothing of what they left out. */
export function toldOf(deployment: Deployment | null): [what: string, value: string][] {
  return (Object.entries(deployment ?? {}) as [keyof Deployment, Deployment[keyof Deployment]][])
    .map(([key, value]): [string, string] => [LABELS[key], textOf(value)])
    .filter(([, text]) => text !== '');
}

function textOf(value: Deployment[keyof Deployment]): string {
  return oneLine(Array.isArray(value) ? value.join('; ') : String(value ?? ''));
}

/** What nobody has said, each in a sentence. */
export function untold(deployment: Deployment | null): string[] {
  if (deployment === null) return ['Nobody has said who recorded it, where, and how.'];
  return missingOfForm(deployment).map(({ detail }) => `Nobody has said: ${detail}`);
}
