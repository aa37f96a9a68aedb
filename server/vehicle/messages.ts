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
  /** alt in metres, on a submarine minus the depth; heading in degrees. */
  VFR_HUD: message({ alt: number, heading: number }),
  /** In 1e-7 degrees; 0, 0 without a fix. */
  GLOBAL_POSITION_INT: message({ lat: z.number(), lon: z.number() }),
  /** In 0.01 degrees C. */
  SCALED_PRESSURE2: message({ temperature: z.number() }),
} as const;
export type MessageName = keyof typeof MESSAGES;
