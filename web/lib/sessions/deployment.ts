import type { Deployment } from '../../../shared/archive/deployment.ts';

export type Key = keyof Deployment;
/** What stands in the fields of the form. */
export type FormTexts = Record<Key, string>;

export interface Field {
  key: Key;
  label: string;
  /** lines: one in each line · area: words over several lines */
  kind: 'text' | 'lines' | 'area' | 'number' | 'date';
  example?: string;
  /** Differs from dive to dive: it is not filled in from the last one. */
  ofOneDive?: boolean;
}

export const GROUPS: readonly { title: string; fields: readonly Field[] }[] = [
  {
    title: 'The data set',
    fields: [
      { key: 'title', label: 'Title', kind: 'text', ofOneDive: true },
      { key: 'station', label: 'Station', kind: 'text', ofOneDive: true },
      { key: 'project', label: 'Project', kind: 'text' },
      { key: 'cruise', label: 'Cruise', kind: 'text' },
    ],
  },
  {
    title: 'People',
    fields: [
      { key: 'investigators', label: 'Investigators, one a line', kind: 'lines' },
      { key: 'affiliations', label: 'Institutions, one a line', kind: 'lines' },
      { key: 'contact', label: 'Contact', kind: 'text', example: 'light@lab.example' },
      { key: 'institution', label: 'Publishing institution', kind: 'text' },
      { key: 'license', label: 'Licence', kind: 'text', example: 'CC-BY-4.0' },
    ],
  },
  {
    title: 'Instrument',
    fields: [
      { key: 'instrument_model', label: 'Model of the sensor', kind: 'text', example: 'QSP-2100' },
      { key: 'calibration_sheet', label: 'Calibration sheet', kind: 'text' },
      { key: 'calibration_date', label: 'Day of the calibration', kind: 'date' },
    ],
  },
  {
    title: 'Site and weather',
    fields: [
      { key: 'water_depth_m', label: 'Water depth, m', kind: 'number', ofOneDive: true },
      { key: 'cloud_percent', label: 'Clouds, %', kind: 'number', ofOneDive: true },
      { key: 'wind_speed_m_s', label: 'Wind, m/s', kind: 'number', ofOneDive: true },
      { key: 'wave_height_m', label: 'Wave height, m', kind: 'number', ofOneDive: true },
      { key: 'secchi_depth_m', label: 'Secchi depth, m', kind: 'number', ofOneDive: true },
      { key: 'sky_and_sea', label: 'Sky and sea in words', kind: 'area', ofOneDive: true },
    ],
  },
];

const FIELDS = GROUPS.flatMap(({ fields }) => fields);

/** The form of what was said; without that, what was said of another dive and holds for this one too. */
export function formTexts(
  said: Deployment | null,
  remembered: Partial<Record<string, string>>,
): FormTexts {
  const texts = FIELDS.map(({ key, ofOneDive }) => {
    if (said === null) return [key, ofOneDive ? '' : (remembered[key] ?? '')];
    const value = said[key];
    return [key, Array.isArray(value) ? value.join('\n') : String(value ?? '')];
  });
  return Object.fromEntries(texts);
}

/** What the form says; an empty field says nothing. */
export function saidBy(texts: FormTexts): Deployment {
  const values = FIELDS.map(({ key, kind }) => {
    const text = texts[key].trim();
    if (kind === 'lines') return [key, lines(text)];
    if (text === '') return [key, null];
    return [key, kind === 'number' ? Number(text) : text];
  });
  return Object.fromEntries(values);
}

/** What was said, for reading. */
export function toldFacts(said: Deployment): { label: string; text: string }[] {
  const texts = formTexts(said, {});
  return FIELDS.filter(({ key }) => texts[key] !== '').map(({ key, label }) => ({
    label: label.replace(', one a line', ''),
    text: texts[key].replaceAll('\n', ' · '),
  }));
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
