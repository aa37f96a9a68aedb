import { z } from 'zod';
import { clientName, clockSet, comparison } from '../time/comparison.ts';
import { route } from './route.ts';

export const clockStatus = z.object({
  is_set: clockSet,
  max_error_s: z.number().nullable().meta({
    description: 'By so many seconds it may be off, as its system reckons; null: not known',
  }),
  words: z.string().meta({ description: 'The state of the clock in a sentence' }),
  comparisons: z.array(comparison).meta({
    description: 'The newest comparison with each clock, the autopilot’s first',
  }),
});
export type ClockStatus = z.infer<typeof clockStatus>;

export const clockRoutes = {
  clock: route({
    method: 'get',
    path: '/clock',
    tag: 'Service',
    summary: 'Whether the vehicle’s clock is set, and how far it is off other clocks',
    reply: clockStatus,
    errors: [],
  }),
  clockCompared: route({
    method: 'post',
    path: '/clock/comparisons',
    tag: 'Service',
    summary: 'Tell how far the vehicle’s clock is off that of a client, who measured it',
    description:
      'Ask GET /api/sync/time several times and take the answer that came quickest: mono_s of it, and the client’s time in the middle between request and answer. A step of the vehicle’s clock since then does no harm.',
    body: z.strictObject({
      client: clientName,
      mono_s: z.number().min(0).meta({ description: 'Seconds: mono_s as the vehicle told it' }),
      client_unix_ms: z
        .number()
        .min(0)
        .max(253_402_300_799_000)
        .meta({ description: 'The client’s time at that moment, milliseconds since 1970' }),
      round_trip_ms: z
        .number()
        .min(0)
        .max(200)
        .meta({ description: 'From the request to the answer; half of it is the uncertainty' }),
    }),
    reply: comparison,
    errors: [],
  }),
};
