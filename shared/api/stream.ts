import { z } from 'zod';
import { route } from './route.ts';

/**
 * WebSocket /stream (also /sensor/stream): one JSON row per reading, in order.
 * With `?batch_ms=100` (20 to 1000) arrays of rows at that interval instead, for pages.
 */
export const STREAM_PATHS = ['/stream', '/sensor/stream'] as const;

/** Arrays of rows at this interval, in milliseconds, instead of each row by itself. */
export const batchMs = z.coerce.number().int().min(20).max(1000).optional();

/** The same rows as server-sent events, for proxies that pass no WebSocket. */
export const streamRoutes = {
  streamEvents: route({
    method: 'get',
    path: '/stream/events',
    aliases: ['/sensor/stream/events'],
    tag: 'Sensor',
    summary: 'The readings as server-sent events, in order, from now on',
    description:
      'Begins for `Accept: text/event-stream` alone, as every EventSource sends it: the answer goes on for ever. Each event has a row as `data` and the number of the reading as `id`; numbers count up by one, and begin elsewhere with each start of the service. Who comes back with `Last-Event-ID` gets what came meanwhile, as far as it is in memory (300 s); an event `gap` tells `missing`, how many are not, null when that is not known. A comment comes every 5 s. A client that does not keep up is dropped.',
    query: z.object({
      batch_ms: batchMs.meta({
        description: 'Arrays of rows every so many milliseconds, for pages; `id` is the last one’s',
      }),
      last_event_id: z.coerce.number().int().min(0).optional().meta({
        description: 'As the header Last-Event-ID, which comes before it',
      }),
    }),
    reply: { contentTypes: ['text/event-stream'], description: 'Events without end' },
    errors: ['not_acceptable'],
  }),
};

/** Why the server closed a stream. */
export const STREAM_CLOSE = {
  /** The client did not keep up: more bytes or seconds behind than allowed. */
  tooSlow: 4008,
  /** The server is stopping; connect again. */
  goingAway: 1001,
  badRequest: 4000,
} as const;
