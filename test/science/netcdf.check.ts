import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { sessionNetcdf } from '../../server/export/netcdf/netcdf.ts';
import { addVehicleRow, lightSession } from '../support/track-session.ts';
import { program } from './program.ts';

const run = promisify(execFile);
const LIGHT = {
  ...{ schema_version: 2, collector: 'cosine', cf_units: 'mol m-2 s-1', cf_factor: 1e-6 },
  cf_standard_name: 'downwelling_photosynthetic_photon_flux_in_sea_water',
  cf_note: null,
};

let path: string;
beforeEach(async () => {
  const session = await lightSession();
  for (const elapsed of [1, 1.5, 2, 6]) await addVehicleRow(session.folder, elapsed);
  const metadata = { ...session.detail.metadata, ...LIGHT };
  const detail = { ...session.detail, metadata };
  const { body } = await sessionNetcdf({ ...session, detail }, () => undefined);
  path = join(session.folder, 'dive.nc');
  await pipeline(body, createWriteStream(path));
});

/** What a program of Debian prints, which has to have nothing to complain of. */
async function printed(name: string, debianPackage: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await run(await program(name, debianPackage), args);
  expect(stderr).toBe('');
  return stdout;
}

/** Debian's own Python has the modules. */
async function python(module: string, code: string): Promise<string> {
  const script = `import sys, ${module}\npath = sys.argv[1]\n${code}`;
  const { stdout } = await run('/usr/bin/python3', ['-c', script, path]).catch((cause: unknown) => {
    throw new Error(`${module} failed: install python3-${module.toLowerCase()}`, { cause });
  });
  return stdout.trim();
}

test('ncdump prints it as a file with 64-bit offsets', async () => {
  expect(await printed('ncdump', 'netcdf-bin', ['-k', path])).toBe('64-bit offset\n');
  const text = await printed('ncdump', 'netcdf-bin', ['-t', '-v', 'par,time,depth', path]);
  expect(text).toContain('obs = UNLIMITED ; // (20 currently)');
  expect(text).toContain('par:units = "mol m-2 s-1"');
  expect(text).toMatch(/depth = _, _, 1, 1.5, 2, _,/);
  expect(text).toContain('"2025-11-12 14:30:45"');
});

test('netCDF4 for Python masks what is not known', async () => {
  const code =
    'd = netCDF4.Dataset(path)\nprint(d.data_model, d["depth"][:].count(), round(float(d["par"][3] * 1e6), 9), d["lat"][4])';
  expect(await python('netCDF4', code)).toBe('NETCDF3_64BIT_OFFSET 4 1.5 42.6');
});

test('xarray decodes its times and takes its coordinates', async () => {
  const code =
    'd = xarray.open_dataset(path)\nprint(str(d.time.values[2])[:21], sorted(c for c in d.coords), int(d.depth.notnull().sum()))';
  expect(await python('xarray', code)).toBe(
    "2025-11-12T14:30:46.0 ['depth', 'lat', 'lon', 'time'] 4",
  );
});

test('R reads it', async () => {
  const code = `library(ncdf4); d <- nc_open("${path}"); cat(length(ncvar_get(d, "par")), sum(!is.na(ncvar_get(d, "depth"))))`;
  const { stdout } = await run(await program('Rscript', 'r-cran-ncdf4'), ['-e', code]);
  expect(stdout).toBe('20 4');
});

test('udunits accepts every unit', async () => {
  const text = await printed('ncdump', 'netcdf-bin', ['-h', path]);
  const units = [...text.matchAll(/\w+:units = "([^"]+)"/g)].map(([, unit = '']) => unit);
  expect(units.length).toBeGreaterThan(8);
  for (const unit of units) {
    const { stdout } = await run(await program('udunits2', 'udunits-bin'), ['-H', unit, '-W', '']);
    expect([unit, stdout]).not.toEqual([unit, '']);
  }
});
