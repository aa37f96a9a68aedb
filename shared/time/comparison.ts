import { z } from 'zod';
import { isoTime } from '../session.ts';

/** Who told the time that the vehicle's clock was compared with. */
export const comparedWith = z.enum(['autopilot', 'client']).meta({
  description:
    'autopilot: its UTC, from its GPS · client: the clock of a computer that measured it, as right as that is',
});

export const clientName = z
  .string()
  .min(1)
  .max(80)
  .meta({ description: 'Name of the computer that measured' });

export const comparisonFields = {
  compared_with: comparedWith,
  client: clientName.nullable().meta({ description: 'Its name; null: the autopilot' }),
  offset_s: z.number().meta({
    description: 'Seconds to add to the vehicle’s time of this moment to have the other’s',
  }),
  uncertainty_s: z
    .number()
    .min(0)
    .meta({ description: 'By so many seconds the offset may be off' }),
};

/** The vehicle's clock and another one, at one moment. */
export const comparison = z.object({
  timestamp: isoTime.meta({ description: 'The moment by the vehicle’s clock, UTC' }),
  ...comparisonFields,
});
export type Comparison = z.infer<typeof comparison>;

/** Whether it is set, as the kernel tells it. */
export const clockSet = z.boolean().nullable().meta({
  description: 'Whether something keeps the vehicle’s clock right; null: the system does not say',
});

/** What is known of the vehicle's clock, in metadata.json. */
export const clockState = z.object({
  is_set: clockSet,
  comparisons: z.array(comparison).meta({ description: 'The newest comparison with each clock' }),
});
export type ClockState = z.infer<typeof clockState>;
