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

const degrees = z.number().nullable();
const metres = z.number().nullable();

/** What every version has written. */
const first = {
  depth_m: metres.meta({
    description: 'Metres of the light sensor below the surface, positive down; null: not known',
  }),
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
};

export const DEPTH_SOURCES = ['pressure', 'relative_alt', 'vfr_hud'] as const;
export type DepthSource = (typeof DEPTH_SOURCES)[number];

/** What can't be true of a depth. */
export const DEPTH_DOUBTS = [
  'sources_differ',
  'above_surface',
  'stands_still',
  'surface_pressure',
  'no_pressure',
] as const;

/** What schema 2 has besides. In a row, what the vehicle never sent is left out. */
const second = {
  depth_source: z.enum(DEPTH_SOURCES).nullable().meta({
    description:
      'What depth_m is from · pressure: outside pressure less surface_press_hpa, by the water’s density · relative_alt: height below home · vfr_hud: height below mean sea level, right only where the origin is',
  }),
  press_abs_hpa: z
    .number()
    .nullable()
    .meta({ description: 'Outside pressure as measured, with the air in it, hPa' }),
  pressure_age_s: ageS,
  surface_press_hpa: z
    .number()
    .nullable()
    .meta({ description: 'Pressure at the surface that depth_m is reckoned from, hPa' }),
  relative_alt_m: metres.meta({ description: 'Height above home; as old as the position' }),
  alt_msl_m: metres.meta({ description: 'Height above mean sea level; as old as the heading' }),
  roll_deg: degrees.meta({ description: 'Degrees, positive: starboard side down' }),
  pitch_deg: degrees.meta({ description: 'Degrees, positive: bow up' }),
  yaw_deg: degrees.meta({ description: 'Degrees clockwise from north, -180 to 180' }),
  attitude_age_s: ageS,
  position_source: z.enum(['GPS', 'EKF', 'GPS_INPUT']).nullable().meta({
    description:
      'What the position rests on · GPS: the autopilot’s receiver has a fix · GPS_INPUT: another program (USBL, DVL) gives it one · EKF: dead reckoning, or any other',
  }),
  fix_type: z
    .int()
    .nullable()
    .meta({ description: 'Kind of GPS fix as MAVLink counts: 0 and 1 none, 2 2D, 3 3D, 4 DGPS…' }),
  satellites: z.int().nullable().meta({ description: 'Satellites that the fix is from' }),
  eph: z.number().nullable().meta({ description: 'Horizontal dilution of precision of the fix' }),
  alt_gps_m: metres.meta({ description: 'Height above mean sea level by the receiver' }),
  gps_age_s: ageS,
  x_m: metres.meta({ description: 'Metres north of the origin of the local track (DVL)' }),
  y_m: metres.meta({ description: 'Metres east of it' }),
  z_m: metres.meta({ description: 'Metres below it' }),
  local_age_s: ageS,
  altitude_m: metres.meta({ description: 'Metres above the ground' }),
  altitude_age_s: ageS,
  lamps: z
    .record(z.string(), z.number())
    .nullable()
    .meta({ description: 'The vehicle’s own lamps by name, 0 off to 1 full' }),
  lamps_age_s: ageS,
  autopilot_utc: isoTime.nullable().meta({
    description: 'UTC of the autopilot, which has it from GPS; null: it has none',
  }),
  autopilot_utc_age_s: ageS,
  armed: z.boolean().nullable().meta({ description: 'Whether the motors may turn' }),
  armed_age_s: ageS,
};

/** What the autopilot said, with the age of each value. */
export const vehicleValues = z.object({ ...first, ...second });
export type VehicleValues = z.infer<typeof vehicleValues>;

/** What the autopilot said, and when that was put together. */
export interface VehicleSample {
  at: Instant;
  values: VehicleValues;
}

/** A line of vehicle.jsonl: what the autopilot said, whenever it spoke, up to ten times a second. */
export const vehicleRow = z.object({
  timestamp: isoTime.meta({ description: 'UTC at which the row was made, by the vehicle’s clock' }),
  elapsed_s: z
    .number()
    .meta({ description: 'Monotonic seconds since the session began, as in the chunks' }),
  ...first,
  ...z.object(second).partial().shape,
});
export type VehicleRow = z.infer<typeof vehicleRow>;

/** How the light sensor sits on the vehicle, and in what water: kept with each session. */
export const vehicleSetup = z.object({
  water_density_kg_m3: z.number().min(900).max(1300).meta({
    description:
      'Density of the water that depth_m is reckoned with: 1025 in the sea, 1000 in a lake',
  }),
  sensor_below_port_m: z.number().min(-10).max(10).meta({
    description: 'Metres from the port of the outside pressure sensor down to the light sensor',
  }),
  sensor_mount_deg: z.number().min(-180).max(180).meta({
    description: 'Degrees by which the light sensor leans forward from the vehicle’s own up',
  }),
});
export type VehicleSetup = z.infer<typeof vehicleSetup>;

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
