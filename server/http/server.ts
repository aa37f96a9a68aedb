import type { IncomingMessage, Server } from 'node:http';
import { Router } from '@koa/router';
import Koa from 'koa';
import websockify from 'koa-websocket';
import { DATA_LAKE_PATH } from '../../shared/api/cockpit.ts';
import { type Api, api } from '../../shared/api/index.ts';
import type { Route } from '../../shared/api/route.ts';
import { ApiError } from '../../shared/errors.ts';
import type { Services } from '../control/services.ts';
import { errorBoundary } from './boundary.ts';
import { compress } from './compress.ts';
import { limitConnections } from './connections.ts';
import { cors } from './cors.ts';
import { type Guard, guard, upgradeAllowed } from './guard.ts';
import { securityHeaders } from './headers.ts';
import { letGoWithConnection } from './pipelined.ts';
import { annotationHandlers } from './routes/annotation-routes.ts';
import { clockHandlers } from './routes/clock-routes.ts';
import { cockpitHandlers, dataLakeHandler } from './routes/cockpit-routes.ts';
import { eventHandlers } from './routes/event-routes.ts';
import { memoryHandlers } from './routes/memory-routes.ts';
import { pageAssets, pageHandlers } from './routes/page.ts';
import { recordingHandlers, strayFiles } from './routes/recording-routes.ts';
import { type Handler, type Handlers, Prebuilt, register } from './routes/register.ts';
import { sensorHandlers } from './routes/sensor-routes.ts';
import { serviceHandlers } from './routes/service-routes.ts';
import { sessionHandlers } from './routes/session-routes.ts';
import { socketMiddleware, streamHandlers } from './routes/stream-routes.ts';
import { withSurveyClients } from './routes/survey-routes.ts';
import { vehicleHandlers } from './routes/vehicle-routes.ts';
import { refuseBadTarget } from './target.ts';
import { acceptUpgrades } from './upgrade.ts';

interface Upgrade {
  origin?: string;
  req: IncomingMessage;
}
type UpgradeAnswer = (isAllowed: boolean, statusOtherwise: number) => void;

/** A client that leaves in the middle of request or answer is no error of ours (HPE: a request cut off). */
const CLIENT_LEFT = /^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|ECANCELED|HPE_\w+)$/;

/** Only one frame of a few bytes is ever expected from a client. */
const MOST_BYTES_FROM_CLIENT = 4096;

/** The HTTP server, listening; `port` 0 takes a free one. Rejects when the port is taken. */
export function listen(services: Services, host: string, port: number): Promise<Server> {
  const { explain, corsOrigins } = services;
  const rules = guardRules(services);
  // Koa asks of a body whether it is a Response. Node loads all of fetch where that is first named: 50 ms
  // that would hold a recording up at the first answer.
  void globalThis.Response;
  const app = websockify(new Koa(), {
    // The library would refuse every upgrade but its own: see upgrade.ts.
    ...{ noServer: true, server: undefined },
    perMessageDeflate: false,
    maxPayload: MOST_BYTES_FROM_CLIENT,
    verifyClient: ({ origin = '', req }: Upgrade, answer: UpgradeAnswer) =>
      answer(upgradeAllowed(origin, req.headers.host ?? '', rules), 403),
  });
  app.on('error', (error: NodeJS.ErrnoException, ctx?: Koa.ParameterizedContext) => {
    if (!CLIENT_LEFT.test(error.code ?? '')) void whatHappened(services, error, ctx).then(explain);
  });
  const router = buildRouter(services);
  app.use(errorBoundary(explain));
  app.use(compress);
  app.use(refuseBadTarget);
  app.use(securityHeaders(corsOrigins));
  app.use(cors(rules));
  app.use(guard(rules));
  app.use(router.routes());
  app.use(unmatched(router));
  const sockets = streamHandlers(services).set(DATA_LAKE_PATH, dataLakeHandler(services));
  app.ws.use(socketMiddleware(sockets, explain));
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, () => {
      server.off('error', reject).on('error', explain);
      limitConnections(server).then(() => resolve(server), reject);
    });
    server.on('error', reject);
    letGoWithConnection(server);
    if (app.ws.server) acceptUpgrades(server, app.ws.server);
  });
}

/** An answer that breaks off because its session is deleted is no fault of the disk. */
async function whatHappened(
  { catalogue }: Services,
  error: unknown,
  ctx?: Koa.ParameterizedContext,
): Promise<unknown> {
  const { session_id } = (ctx?.['params'] ?? {}) as { session_id?: string };
  return session_id === undefined ? error : catalogue.goneOr(session_id, error);
}

function guardRules({ corsOrigins, apiToken, settings }: Services): Guard {
  return { corsOrigins, apiToken, allowedHosts: () => settings.current.allowed_hosts };
}

/** Everything that is served, but for the sockets. */
export function buildRouter(services: Services): Router {
  const router = new Router();
  const { openApi, git } = services.build;
  const document = new Prebuilt(Buffer.from(openApi), `"${git}"`);
  const handlers: Handlers = {
    ...withSurveyClients(services, recordingHandlers(services)),
    ...cockpitHandlers(services),
    ...sensorHandlers(services),
    ...eventHandlers(services),
    ...memoryHandlers(services),
    ...sessionHandlers(services),
    ...annotationHandlers(services),
    ...vehicleHandlers(services),
    ...clockHandlers(services),
    ...serviceHandlers(services),
    ...pageHandlers(services.webRoot),
    openapi: () => document,
  };
  for (const name of Object.keys(api) as (keyof Api)[]) {
    register(router, api[name] as Route, handlers[name] as Handler<Route>);
  }
  strayFiles(router);
  pageAssets(router, services.webRoot, services.docsRoot);
  return router;
}

/** Unknown paths and wrong methods are JSON errors like all others. */
function unmatched(router: Router): Koa.Middleware {
  return (ctx) => {
    const known = router.match(ctx.path, ctx.method).path;
    if (known.length === 0) {
      throw new ApiError(
        'route_not_found',
        `There is nothing at ${ctx.path}. See docs for what is.`,
      );
    }
    const allowed = [...new Set(known.flatMap((layer) => layer.methods))];
    ctx.set('Allow', allowed.join(', '));
    throw new ApiError('method_not_allowed', `${ctx.path} takes ${allowed.join(' or ')}.`);
  };
}
