import { z } from 'zod';
import type { SessionDetail } from '../../../shared/api/sessions.ts';
import { cfDescription } from '../../../shared/cf.ts';
import { METADATA_VERSION } from '../../../shared/metadata.ts';
import type { ParquetMetadata } from './parquet.ts';

type Metadata = SessionDetail['metadata'];

const FIXED_COLUMNS = {
  TempC: { units: 'degree_C' },
  Vin: { units: 'V' },
  elapsed_s: { units: 's' },
  time_uncertainty_s: { units: 's' },
  depth_m: { units: 'm', cf_standard_name: 'depth' },
} as const;

const told = z.object({ sensor: z.object({ calibration_units: z.string().min(1) }) });
const named = z.object({ schema_version: z.literal(METADATA_VERSION), ...cfDescription.shape });

/** What a session's Parquet file carries: all of metadata.json, and the units with their columns. */
export function parquetMetadata(metadata: Metadata): ParquetMetadata {
  return {
    file: { session_metadata: JSON.stringify(metadata) },
    columns: { ...FIXED_COLUMNS, value: { ...unitOf(metadata), ...cfOf(metadata) } },
  };
}

/** As the sensor told it; nothing where it told none. */
function unitOf(metadata: Metadata): Record<string, string> {
  const { data } = told.safeParse(metadata);
  return data ? { units: data.sensor.calibration_units } : {};
}

/** Nothing of what is not known: metadata of older versions says none of it. */
function cfOf(metadata: Metadata): Record<string, string> {
  const { data } = named.safeParse(metadata);
  if (!data) return {};
  const { cf_standard_name, cf_units, cf_factor } = data;
  return {
    ...(cf_standard_name === null ? {} : { cf_standard_name }),
    ...(cf_factor === null ? {} : { cf_units, cf_factor: String(cf_factor) }),
  };
}
