import { z } from 'zod';
import { molPerSquareMetreSecond } from './photon-units.ts';

/** What the light falls on. It can't be asked of the sensor: a setting. */
export const collector = z.enum(['cosine', 'scalar']).meta({
  description:
    'Collector of the sensor, for the metadata of sessions that begin from now on · cosine: flat, light by the cosine of its angle · scalar: spherical, light from every side alike',
});
export type Collector = z.infer<typeof collector>;

/** Unit in which the CF conventions count photons. */
const CF_UNITS = 'mol m-2 s-1';

const STANDARD_NAMES = {
  cosine: 'downwelling_photosynthetic_photon_flux_in_sea_water',
  scalar: 'downwelling_photosynthetic_photon_spherical_irradiance_in_sea_water',
} as const;

/** The standard name says more than is true of a sphere: whoever uses it has to know. */
const SCALAR_NOTE =
  'The standard name is defined for light from above on a hemispherical (2 pi) collector; a spherical (4 pi) one also counts light from below.';

/** What the values are in the words of the CF conventions. */
export const cfDescription = z.object({
  cf_standard_name: z.enum(Object.values(STANDARD_NAMES)).nullable().meta({
    description: 'Standard name in the CF conventions of value, under water; null: not known',
  }),
  cf_units: z.literal(CF_UNITS).meta({ description: 'Canonical unit of this standard name' }),
  cf_factor: z.number().nullable().meta({
    description: 'value times this is in cf_units; null: not known, see cf_note',
  }),
  cf_note: z.string().nullable().meta({
    description: 'Why there is no factor, or what the name does not say; null: nothing to add',
  }),
});
export type CfDescription = z.infer<typeof cfDescription>;

/** `units` as the sensor tells them; null while it is not known. */
export function describeInCf(collector: Collector | null, units: string | null): CfDescription {
  const factor = units === null ? null : molPerSquareMetreSecond(units);
  const notes = [
    ...(factor === null ? [whyNoFactor(units)] : []),
    ...(collector === null ? ['No name: the collector is not known.'] : []),
    ...(collector === 'scalar' ? [SCALAR_NOTE] : []),
  ];
  return {
    cf_standard_name: collector && STANDARD_NAMES[collector],
    cf_units: CF_UNITS,
    cf_factor: factor,
    cf_note: notes.length > 0 ? notes.join(' ') : null,
  };
}

function whyNoFactor(units: string | null): string {
  if (units === null) return 'No factor: the sensor was not identified.';
  if (units.trim() === '') return 'No factor: the sensor tells no unit.';
  return `No factor: "${units}" is no photon unit that is known here.`;
}
