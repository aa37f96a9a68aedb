import type { Deployment } from './deployment.ts';

/** A thing that an archive asks for and that is not known. */
export interface Missing {
  /** Of the form of the deployment; null: nothing that people could say mends it. */
  field: keyof Deployment | null;
  /** In a sentence. */
  detail: string;
  /** needed: SeaBASS refuses a file without · wanted: it takes it, and says so. */
  weight: 'needed' | 'wanted';
}

const NEEDED: Partial<Record<keyof Deployment, string>> = {
  investigators: 'Who is responsible for the data.',
  affiliations: 'The institution of the investigators.',
  contact: 'An address for questions.',
  project: 'The project (SeaBASS: experiment).',
  cruise: 'The cruise or campaign.',
  calibration_sheet: 'The calibration sheet of the sensor.',
  water_depth_m: 'The depth of the water at the site.',
};
const WANTED: Partial<Record<keyof Deployment, string>> = {
  title: 'A title.',
  license: 'A licence: without one nobody knows what may be done with the data.',
  institution: 'The institution that publishes it.',
  instrument_model: 'The model of the sensor.',
  calibration_date: 'The day of the calibration.',
  station: 'The station.',
  cloud_percent: 'How much of the sky was under clouds.',
  wind_speed_m_s: 'The wind.',
  wave_height_m: 'The height of the waves.',
  secchi_depth_m: 'The Secchi depth.',
};

/** What the form lacks, most needed first; null: nobody has filled it in. */
export function missingOfForm(form: Deployment | null): Missing[] {
  const isEmpty = (key: keyof Deployment) => {
    const value = form?.[key] ?? null;
    return value === null || (Array.isArray(value) && value.length === 0);
  };
  const of = (texts: typeof NEEDED, weight: Missing['weight']): Missing[] =>
    (Object.entries(texts) as [keyof Deployment, string][])
      .filter(([key]) => isEmpty(key))
      .map(([field, detail]) => ({ field, detail, weight }));
  return [...of(NEEDED, 'needed'), ...unequal(form), ...of(WANTED, 'wanted')];
}

/** Both lists stand side by side in an archive. */
function unequal(form: Deployment | null): Missing[] {
  const [people, places] = [form?.investigators.length ?? 0, form?.affiliations.length ?? 0];
  if (people === 0 || places === 0 || people === places) return [];
  const detail = `An institution for each investigator: there are ${people} and ${places}.`;
  return [{ field: 'affiliations', detail, weight: 'needed' }];
}

/** What a session itself knows, apart from what people say. */
export interface Measured {
  hasPosition: boolean;
  hasDepth: boolean;
  /** Its values can be turned into mol m-2 s-1. */
  hasUnit: boolean;
  hasReadings: boolean;
}

/** What the session lacks, whatever people say of it. */
export function missingOfData({
  hasPosition,
  hasDepth,
  hasUnit,
  hasReadings,
}: Measured): Missing[] {
  const all: [has: boolean, detail: string][] = [
    [hasReadings, 'There are no finalized readings.'],
    [hasUnit, 'The unit of the light is not known, so that it can not be put into mol m-2 s-1.'],
    [hasPosition, 'The vehicle told no position.'],
    [hasDepth, 'The vehicle told no depth: there are no profiles.'],
  ];
  return all
    .filter(([has]) => !has)
    .map(([, detail]) => ({ field: null, detail, weight: 'needed' }));
}
