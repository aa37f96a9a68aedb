import type { Services } from '../../control/services.ts';
import type { Handlers } from './register.ts';

/** What is known of the vehicle's clock, and what clients measured. */
export function clockHandlers({ clockWatch }: Services): Handlers<'clock' | 'clockCompared'> {
  return {
    clock: () => clockWatch.status(),
    clockCompared: ({ body }) =>
      clockWatch.compared({
        client: body.client,
        mono: body.mono_s,
        utcMicros: Math.round(body.client_unix_ms * 1000),
        uncertaintyS: Math.ceil(body.round_trip_ms * 500) / 1e6,
      }),
  };
}
