import type Koa from 'koa';
import { ApiError } from '../../../shared/errors.ts';
import type { Services } from '../../control/services.ts';
import type { Handlers } from './register.ts';

const EVENTS = 'text/event-stream';
/** Below every number of a reading. */
const NO_NUMBER = -2;

/** Readings as server-sent events. */
export function eventHandlers(services: Services): Handlers<'streamEvents'> {
  const { sendEvents, explain } = services;
  return {
    streamEvents: ({ query }, ctx) => {
      if (!asksForEvents(ctx)) throw notAcceptable();
      begin(ctx);
      if (ctx.method === 'HEAD') return void ctx.res.end();
      const lastSeq = lastEventId(ctx) ?? query.last_event_id ?? null;
      sendEvents(ctx.res, { batchMs: query.batch_ms ?? null, lastSeq }).catch(explain);
    },
  };
}

/**
 * A client that takes anything must not be given an answer without end: BlueOS's Helper asks every
 * path once a minute, and would read it for ever.
 */
function asksForEvents(ctx: Koa.ParameterizedContext): boolean {
  return ctx.get('Accept').toLowerCase().includes(EVENTS);
}

function notAcceptable(): ApiError {
  const detail = `This answer never ends: ask for it with Accept: ${EVENTS}, or use GET /recent.`;
  return new ApiError('not_acceptable', detail);
}

function begin(ctx: Koa.ParameterizedContext): void {
  ctx.respond = false;
  ctx.status = 200;
  ctx.set({
    'Content-Type': EVENTS,
    'Cache-Control': 'no-store',
    // nginx would otherwise hold the events back until it has a block of them.
    'X-Accel-Buffering': 'no',
  });
  ctx.res.flushHeaders();
}

/** null: none. What is no number of ours is told to the client as one that is not known. */
function lastEventId(ctx: Koa.ParameterizedContext): number | null {
  const given = ctx.get('Last-Event-ID');
  if (given === '') return null;
  return /^\d{1,16}$/.test(given) ? Number(given) : NO_NUMBER;
}
