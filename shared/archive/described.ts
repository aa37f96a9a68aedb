import { z } from 'zod';
import { cfDescription, collector } from '../cf.ts';
import { METADATA_VERSION } from '../metadata.ts';
import type { SessionFacts } from './session-facts.ts';

const text = z.string().trim().min(1);

/** What a file of a session says of its light; null wherever it is not known. */
export interface LightDescription {
  /** As the sensor tells it. */
  units: string | null;
  /** A value times this is in mol m-2 s-1. */
  factor: number | null;
  standardName: string | null;
  collector: z.infer<typeof collector> | null;
  immersionFactor: number | null;
}

const told = z.object({
  sensor: z.object({
    calibration_units: text.nullish().catch(null),
    immersion_factor: z.number().nullish().catch(null),
  }),
});
/** Metadata of version 1 says none of it: there these may be keys of the caller. */
const named = z.object({
  schema_version: z.literal(METADATA_VERSION),
  collector: collector.nullable(),
  ...cfDescription.shape,
});

export function lightOf({ metadata }: SessionFacts['detail']): LightDescription {
  const sensor = told.safeParse(metadata).data?.sensor;
  const cf = named.safeParse(metadata).data;
  return {
    units: sensor?.calibration_units ?? null,
    immersionFactor: sensor?.immersion_factor ?? null,
    factor: cf?.cf_factor ?? null,
    standardName: cf?.cf_standard_name ?? null,
    collector: cf?.collector ?? null,
  };
}

/** What the caller called it, or its id. */
export function titleOf({ summary }: SessionFacts['detail']): string {
  return summary.mission ?? `Session ${summary.session_id}`;
}
