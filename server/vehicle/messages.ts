import { z } from 'zod';

const number = z.number().nullable();

/** When mavlink2rest got the message; both change with each one. */
const time = z
  .object({ counter: z.number().optional(), last_update: z.string().optional() })
  .refine(({ counter, last_update }) => counter !== undefined || last_update !== undefined);
export type MessageTime = z.infer<typeof time>;

function message<T extends z.ZodRawShape>(fields: T) {
  return z.object({ message: z.object(fields), status: z.object({ time }) });
}

/** What is asked for, by the names and in the units of MAVLink. */
export const MESSAGES = {
  /** In degrees. Its alt is above mean sea level, with the origin's height in it: no depth. */
  VFR_HUD: message({ heading: number }),
  /** lat and lon in 1e-7 degrees, 0, 0 without a fix; relative_alt in millimetres above home. */
  GLOBAL_POSITION_INT: message({ lat: z.number(), lon: z.number(), relative_alt: number }),
  /** In 0.01 degrees C. */
  SCALED_PRESSURE2: message({ temperature: z.number() }),
} as const;
export type MessageName = keyof typeof MESSAGES;
