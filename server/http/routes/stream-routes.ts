import type Koa from 'koa';
import type websockify from 'koa-websocket';
import { z } from 'zod';
import { batchMs, STREAM_CLOSE, STREAM_PATHS } from '../../../shared/api/stream.ts';
import type { Services } from '../../control/services.ts';
import type { Explain } from '../boundary.ts';

type SocketContext = websockify.MiddlewareContext<Koa.DefaultState>;

/** Takes a socket over; what the client sends on it is its own affair. */
export type SocketHandler = (ctx: SocketContext) => void;

/** By path. koa-websocket leaves unknown paths open and hides errors: both are ended here. */
export function socketMiddleware(
  handlers: ReadonlyMap<string, SocketHandler>,
  explain: Explain,
): websockify.Middleware<Koa.DefaultState> {
  return async (ctx) => {
    const handler = handlers.get(ctx.path);
    if (!handler) return ctx.websocket.close(STREAM_CLOSE.badRequest, 'no stream at this path');
    try {
      handler(ctx);
    } catch (error) {
      explain(error);
    }
  };
}

const query = z.object({ batch_ms: batchMs });

/** The stream goes one way: what a client sends is not read. */
export function streamHandlers({ streams }: Pick<Services, 'streams'>): Map<string, SocketHandler> {
  const attach: SocketHandler = ({ query: given, websocket }) => {
    const parsed = query.safeParse(given);
    if (!parsed.success) return websocket.close(STREAM_CLOSE.badRequest, 'batch_ms: 20 to 1000');
    const client = streams.attach(websocket, parsed.data.batch_ms ?? null);
    websocket.on('pong', () => client.pong());
    websocket.on('close', () => client.detach());
  };
  return new Map(STREAM_PATHS.map((path) => [path, attach]));
}
