import { z } from 'zod';

const words = (description: string, most = 300) =>
  z.string().trim().min(1).max(most).nullable().default(null).meta({ description });
const names = (description: string) =>
  z.array(z.string().trim().min(1).max(200)).max(30).default([]).meta({ description });
const amount = (description: string, most: number) =>
  z.number().min(0).max(most).nullable().default(null).meta({ description });

/** What an archive asks of a dive, and only people know. What is left out is not known. */
export const deployment = z.strictObject({
  title: words('What the data set is called'),
  project: words('Project or experiment'),
  cruise: words('Cruise or campaign within it'),
  station: words('Station or site'),
  investigators: names('Who is responsible for the data, first author first'),
  affiliations: names('Institution of each investigator, in the same order'),
  contact: words('Address for questions, as a rule e-mail'),
  institution: words('Who publishes it'),
  license: words('Under which licence, such as CC-BY-4.0'),
  instrument_model: words('Model of the sensor, such as QSP-2100'),
  calibration_sheet: words('File name or number of its calibration sheet'),
  calibration_date: z.iso.date().nullable().default(null).meta({
    description: 'Day of that calibration, such as 2025-03-31',
  }),
  water_depth_m: amount('Metres of water at the site', 12_000),
  cloud_percent: amount('Per cent of the sky under clouds', 100),
  wind_speed_m_s: amount('Wind in m/s, metres per second', 100),
  wave_height_m: amount('Height of the waves in metres', 40),
  secchi_depth_m: amount('Secchi depth in metres', 100),
  sky_and_sea: words('Sky and sea in words', 1000),
});
export type Deployment = z.output<typeof deployment>;
