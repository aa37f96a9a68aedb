import { expect, test } from 'vitest';
import { describeInCf } from './cf.ts';
import { molPerSquareMetreSecond } from './photon-units.ts';

test.each([
  ['umol/(m2 s)', 1e-6],
  ['µmol/(m²·s)', 1e-6],
  ['μmol m⁻² s⁻¹', 1e-6],
  ['umol m-2 s-1', 1e-6],
  [' umol/m2/s ', 1e-6],
  ['umol/m^2/sec', 1e-6],
  ['mmol/(m2 s)', 1e-3],
  ['uE/m2s', 1e-6],
  ['uE/(cm2 s)', 1e-2],
  ['uEinsteins/(cm2*sec)', 1e-2],
  ['nE/cm2/s', 1e-5],
  ['mol m-2 s-1', 1],
  ['quanta/(cm2 s)', 1e4 / 6.02214076e23],
  ['photons/(m2 s)', 1 / 6.02214076e23],
])('%s is counted in mol m-2 s-1 with the factor %d', (unit, factor) => {
  expect(molPerSquareMetreSecond(unit) ?? Number.NaN).toBeCloseTo(factor, 30);
  expect((molPerSquareMetreSecond(unit) ?? 0) / factor).toBeCloseTo(1, 14);
});

test.each(['', 'volts', 'W/m2', 'W/(m2 s)', 'umol', 'umol/m2', 'umol/(m3 s)', 'Mmol/(m2 s)'])(
  'no factor is guessed for %j',
  (unit) => expect(molPerSquareMetreSecond(unit)).toBeNull(),
);

test('what has no factor, or a name that says too much, says why', () => {
  expect(describeInCf('cosine', 'umol/(m2 s)')).toEqual({
    cf_standard_name: 'downwelling_photosynthetic_photon_flux_in_sea_water',
    cf_units: 'mol m-2 s-1',
    cf_factor: 1e-6,
    cf_note: null,
  });
  expect(describeInCf('cosine', '').cf_note).toMatch(/no unit/);
  expect(describeInCf('cosine', 'W/m2').cf_note).toMatch(/"W\/m2"/);
  expect(describeInCf('cosine', null).cf_note).toMatch(/not identified/);
  expect(describeInCf('scalar', 'umol/(m2 s)')).toMatchObject({
    cf_standard_name: 'downwelling_photosynthetic_photon_spherical_irradiance_in_sea_water',
    ...{ cf_factor: 1e-6, cf_note: expect.stringMatching(/4 pi/) },
  });
  expect(describeInCf(null, 'volts')).toMatchObject({ cf_standard_name: null, cf_factor: null });
});
