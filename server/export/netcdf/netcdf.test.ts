import { appendFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { NetCDFReader } from 'netcdfjs';
import { expect, test } from 'vitest';
import { deployment } from '../../../shared/archive/deployment.ts';
import { isoMicros } from '../../../shared/clock.ts';
import { START_MICROS } from '../../../test/support/dive-files.ts';
import { addVehicleRow, compared, lightSession } from '../../../test/support/track-session.ts';
import type { ExportSession } from '../export-session.ts';
import { FILL } from './columns.ts';
import { sessionNetcdf } from './netcdf.ts';

/** The file of a session as another program reads it. */
async function opened(session: ExportSession) {
  const file = await sessionNetcdf(session, () => undefined);
  const bytes = await buffer(file.body);
  expect(bytes.length).toBe(file.length);
  const reader = new NetCDFReader(bytes);
  const attributes = (name: string) => {
    const found = reader.variables.find((one) => one.name === name)?.attributes ?? [];
    return Object.fromEntries((found as { name: string; value: unknown }[]).map(pair));
  };
  const global = Object.fromEntries(reader.globalAttributes.map(pair));
  const column = (name: string) => reader.getDataVariable(name) as number[];
  const names = reader.variables.map(({ name }) => name);
  return { reader, attributes, global, column, names, rows: file.rows };
}

const pair = ({ name, value }: { name: string; value: unknown }) => [name, value] as const;

const CF = {
  ...{ schema_version: 2, collector: 'cosine', cf_units: 'mol m-2 s-1', cf_factor: 1e-6 },
  cf_standard_name: 'downwelling_photosynthetic_photon_flux_in_sea_water',
  cf_note: null,
};

async function inPhotons(): Promise<ExportSession> {
  const session = await lightSession();
  const metadata = { ...session.detail.metadata, ...CF };
  return { ...session, detail: { ...session.detail, metadata } };
}

test('another program reads every reading, with the place where it is known', async () => {
  const session = await inPhotons();
  for (const elapsed of [1, 1.5, 2, 6]) await addVehicleRow(session.folder, elapsed);
  session.deployment = deployment.parse({ title: 'Kelp', contact: 'light@lab.example' });
  const { reader, global, column, attributes, rows } = await opened(session);
  expect(rows).toBe(20);
  expect(reader.version).toBe('64-bit offset format');
  expect(reader.recordDimension.length).toBe(20);
  expect(column('light_as_sent')).toEqual(Array.from({ length: 20 }, (_, at) => at / 2));
  expect(column('par')[3]).toBeCloseTo(1.5e-6, 12);
  expect(column('time')[2]).toBe(START_MICROS / 1e6 + 1);
  expect(column('depth').slice(0, 6)).toEqual([FILL, FILL, 1, 1.5, 2, FILL]);
  expect(column('lat')[12]).toBe(42.6);
  expect(column('sensor_temperature')[0]).toBe(FILL);
  expect(String(reader.getDataVariable('trajectory'))).toContain('3');
  expect(attributes('par')).toMatchObject({
    ...{ units: 'mol m-2 s-1', coordinates: 'time lat lon depth' },
    standard_name: CF.cf_standard_name,
  });
  expect(attributes('depth')).toMatchObject({ positive: 'down', axis: 'Z', units: 'm' });
  expect(global).toMatchObject({
    ...{ Conventions: 'CF-1.8, ACDD-1.3', featureType: 'trajectory', title: 'Kelp' },
    ...{ geospatial_vertical_max: 6, creator_email: 'light@lab.example' },
    time_coverage_start: isoMicros(START_MICROS),
  });
});

test('what a session does not have, its file does not have, and says so', async () => {
  const { global, names, attributes } = await opened(await lightSession());
  expect(names).not.toContain('par');
  expect(names.filter((name) => ['lat', 'lon', 'depth'].includes(name))).toEqual([]);
  expect(global).not.toHaveProperty('featureType');
  expect(global).not.toHaveProperty('license');
  expect(global['comment']).toContain('The vehicle told no position');
  expect(attributes('light_as_sent')).toMatchObject({ sensor_units: 'umol/(m2 s)' });
  expect(attributes('light_as_sent')).not.toHaveProperty('units');
});

test('time is put right for steps of the clock, and the recorded one stands beside it', async () => {
  const session = await lightSession();
  const timestamp = isoMicros(START_MICROS + 3605e6);
  const step = { timestamp, elapsed_s: 5, step_s: 3600, kind: 'clock_step', detail: 'set' };
  session.events = [step];
  const { column } = await opened(session);
  expect(column('time').slice(9, 11)).toEqual([
    START_MICROS / 1e6 + 3604.5,
    START_MICROS / 1e6 + 5,
  ]);
  expect(column('time_recorded')[9]).toBe(START_MICROS / 1e6 + 4.5);
});

test('time is by the clock that the one of the vehicle was compared with, and says how sure it is', async () => {
  const session = await lightSession();
  session.events = [compared(5, { offset_s: 86_400, uncertainty_s: 0.1 })];
  const { column, attributes } = await opened(session);
  expect(column('time')[2]).toBe(START_MICROS / 1e6 + 86_401);
  expect(column('time_recorded')[2]).toBe(START_MICROS / 1e6 + 1);
  expect(column('time_uncertainty')[10]).toBeCloseTo(0.116, 6);
  expect(attributes('time')).toMatchObject({ ancillary_variables: 'time_uncertainty' });
});

test('markers and damaged lines are no readings, and are counted', async () => {
  const session = await lightSession();
  const [path = ''] = session.paths;
  await appendFile(path, 'broken\n');
  const { rows, global } = await opened(session);
  expect(rows).toBe(20);
  expect(global['comment']).toContain('1 damaged lines are left out.');
});

test('a track over the 180th meridian does not go around the world', async () => {
  const session = await lightSession();
  await addVehicleRow(session.folder, 1, { longitude_deg: 179.9999 });
  await addVehicleRow(session.folder, 2, { longitude_deg: -179.9999 });
  const { column } = await opened(session);
  expect(Math.abs(column('lon')[3] ?? 0)).toBeCloseTo(180, 6);
});

test('a session without a reading has no file', async () => {
  const session = await lightSession();
  await expect(opened({ ...session, paths: [] })).rejects.toThrow('no reading');
});
