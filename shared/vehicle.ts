import { z } from 'zod';
import type { Instant } from './clock.ts';
import { isoTime } from './session.ts';

/** File of a session beside its chunks; it only grows, and only its sealed part is handed out. */
export const VEHICLE_FILE = 'vehicle.jsonl';

/** A line for each time that vehicle.jsonl was sealed. */
export const VEHICLE_MANIFEST = 'vehicle_manifest.jsonl';

/** An older value is not taken for one of now: it is null, and its age says why. */
export const STALE_S = 5;

const ageS = z
  .number()
  .min(0)
  .nullable()
  .meta({
    description: `Seconds since the autopilot sent it, when the row was made; null: not heard yet. Above ${STALE_S} the value is null`,
  });

/** What the autopilot said, with the age of each value. */
export const vehicleValues = z.object({
  depth_m: z
    .number()
    .nullable()
    .meta({ description: 'Metres below the surface, positive down; null: not known' }),
  depth_age_s: ageS,
  latitude_deg: z.number().min(-90).max(90).nullable().meta({ description: 'Degrees, WGS 84' }),
  longitude_deg: z.number().min(-180).max(180).nullable().meta({ description: 'Degrees, WGS 84' }),
  position_age_s: ageS,
  heading_deg: z
    .number()
    .min(0)
    .max(360)
    .nullable()
    .meta({ description: 'Degrees clockwise from north' }),
  heading_age_s: ageS,
  water_temperature_c: z.number().nullable().meta({
    description: 'In degrees C, as the vehicle’s own sensor outside the hull measures it',
  }),
  water_temperature_age_s: ageS,
});
export type VehicleValues = z.infer<typeof vehicleValues>;

/** What the autopilot said, and when it was asked. */
export interface VehicleSample {
  at: Instant;
  values: VehicleValues;
}

/** A line of vehicle.jsonl: where the vehicle was, as its autopilot said, five times a second. */
export const vehicleRow = z.object({
  timestamp: isoTime.meta({ description: 'UTC at which the row was made, by the vehicle’s clock' }),
  elapsed_s: z
    .number()
    .meta({ description: 'Monotonic seconds since the session began, as in the chunks' }),
  ...vehicleValues.shape,
});
export type VehicleRow = z.infer<typeof vehicleRow>;

/** The part of vehicle.jsonl that is sealed: synced, hashed, and never changed again. */
export const sealedPart = z.object({
  filename: z.literal(VEHICLE_FILE).meta({ description: 'For /files/<session_id>/<filename>' }),
  size_bytes: z.int().min(1).meta({ description: 'Bytes from the start that are sealed' }),
  row_count: z.int().min(0).meta({ description: 'Rows (lines) in them' }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'SHA-256 of these bytes, hex' }),
  sealed_at: isoTime.meta({ description: 'When they were sealed' }),
});
export type SealedPart = z.infer<typeof sealedPart>;
