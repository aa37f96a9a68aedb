import { z } from 'zod';

const real = z.number();
const optional = z.number().nullable();
/** An enumerated value is told by its name. */
const named = z.object({ type: z.string() });
/** A flag set: `{"bits": 209}` up to mavlink2rest 0.11, names joined by `|` from 1.0 on. */
const flags = z.union([z.object({ bits: z.int() }), z.string(), z.array(z.string())]);
/** Text: a list of single characters, filled up with NUL; newer ones send a string. */
const text = z
  .union([z.string(), z.array(z.string())])
  .transform((letters) => [...letters].join('').replace(/\0.*$/s, ''));
const pressure = z.object({ press_abs: real, temperature: real });

/** What is listened to, with its fields by the names and in the units of MAVLink. */
export const MESSAGES = {
  HEARTBEAT: z.object({ autopilot: named, base_mode: flags }),
  /** alt in metres above mean sea level, with the origin's height in it; heading in degrees. */
  VFR_HUD: z.object({ alt: optional, heading: optional }),
  /** lat and lon in 1e-7 degrees, 0, 0 without a fix; relative_alt in millimetres above home. */
  GLOBAL_POSITION_INT: z.object({ lat: real, lon: real, relative_alt: real }),
  /** alt in millimetres above mean sea level; eph is the dilution times 100, 65535 unknown. */
  GPS_RAW_INT: z.object({ fix_type: named, satellites_visible: real, eph: real, alt: real }),
  /** Another program than the autopilot's own receiver tells it where it is. */
  GPS_INPUT: z.object({}),
  /** In radians. */
  ATTITUDE: z.object({ roll: optional, pitch: optional, yaw: optional }),
  /** In metres north, east and down of the origin. */
  LOCAL_POSITION_NED: z.object({ x: optional, y: optional, z: optional }),
  /** In centimetres. */
  DISTANCE_SENSOR: z.object({ current_distance: real }),
  /** In metres. */
  RANGEFINDER: z.object({ distance: optional }),
  /** In hPa, with the air in it, and 0.01 degrees C. */
  SCALED_PRESSURE2: pressure,
  /** Of a second sensor; of a thermometer alone the pressure is 0. */
  SCALED_PRESSURE3: pressure,
  NAMED_VALUE_FLOAT: z.object({ name: text, value: optional }),
  /** Microseconds since 1970; 0, or in 1970, while the autopilot has no time. */
  SYSTEM_TIME: z.object({ time_unix_usec: real }),
} as const;

export type MessageName = keyof typeof MESSAGES;
export type Fields<Name extends MessageName> = z.infer<(typeof MESSAGES)[Name]>;

export const MESSAGE_NAMES = Object.keys(MESSAGES) as MessageName[];

export function isListenedTo(name: unknown): name is MessageName {
  return typeof name === 'string' && Object.hasOwn(MESSAGES, name);
}

/** A message of a vehicle, as it was heard. */
export interface Heard {
  system: number;
  component: number;
  name: MessageName;
  /** As it came, not checked yet. */
  fields: unknown;
  /** Monotonic seconds at which mavlink2rest had it. */
  sentAt: number;
}

/** Whether the motors may turn. */
export function isArmed(mode: Fields<'HEARTBEAT'>['base_mode']): boolean {
  if (typeof mode === 'object' && 'bits' in mode) return (mode.bits & 128) !== 0;
  return String(mode).includes('MAV_MODE_FLAG_SAFETY_ARMED');
}
