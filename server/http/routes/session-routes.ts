import type { Services } from '../../control/services.ts';
import { inPieces, JsonPieces } from '../json-pieces.ts';
import { tellDamage } from './damage-header.ts';
import { offer } from './download.ts';
import { CONTENT_TYPE } from './memory-routes.ts';
import type { Handlers } from './register.ts';

type Names =
  | 'sessions'
  | 'session'
  | 'deleteSession'
  | 'sessionExport'
  | 'sessionArchive'
  | 'sessionReport'
  | 'sessionReportJson'
  | 'sessionPreview'
  | 'sessionProfile';

const EXPORT_TYPE = {
  ...CONTENT_TYPE,
  jsonl: 'application/x-ndjson',
  zip: 'application/zip',
  netcdf: 'application/x-netcdf',
  seabass: 'application/zip',
  geojson: 'application/geo+json',
  gpx: 'application/gpx+xml',
  kml: 'application/vnd.google-earth.kml+xml',
} as const;

/** Its style is part of it; it has no script, and needs none. */
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** Sessions as a resource: lists, details, whole downloads and pictures. */
export function sessionHandlers({ catalogue, sessionExports }: Services): Handlers<Names> {
  return {
    sessions: ({ query }) => catalogue.sessions(query),
    session: async ({ params, query }, ctx) => {
      const { damage, chunks, ...session } = await catalogue.session(params.session_id);
      tellDamage(ctx, damage);
      return withChunks(session, chunks.json(query.after_index ?? -1));
    },
    deleteSession: async ({ params }) => {
      await sessionExports.forget(params.session_id);
      await catalogue.remove(params.session_id);
      return { status: 'deleted', session_id: params.session_id };
    },
    sessionExport: async ({ params, query }, ctx) => {
      const { format, compress } = query;
      const wish = { format, isStored: !compress };
      const { damage, ...made } = await sessionExports.stream(params.session_id, wish);
      tellDamage(ctx, damage);
      return offer(ctx, { ...made, type: EXPORT_TYPE[format] });
    },
    sessionArchive: async ({ params }, ctx) => {
      const { made, damage } = await sessionExports.archive(params.session_id);
      tellDamage(ctx, damage);
      return made;
    },
    sessionReport: async ({ params }, ctx) => {
      const { made, damage } = await sessionExports.reportPage(params.session_id);
      tellDamage(ctx, damage);
      ctx.set('Content-Security-Policy', REPORT_POLICY);
      ctx.type = 'html';
      ctx.body = made;
      return undefined;
    },
    sessionReportJson: async ({ params }, ctx) => {
      const { made, damage } = await sessionExports.report(params.session_id);
      tellDamage(ctx, damage);
      return inPieces(made, 'casts');
    },
    sessionPreview: async ({ params, query }, ctx) => {
      const { made, damage } = await sessionExports.preview(params.session_id, query.points);
      tellDamage(ctx, damage);
      return made;
    },
    sessionProfile: async ({ params, query }, ctx) => {
      const { session_id } = params;
      const { made, damage } = await sessionExports.profile(session_id, query.dark_offset);
      tellDamage(ctx, damage);
      return inPieces(made, 'casts');
    },
  };
}

/** They come last, and may be many: their text stands ready. */
function withChunks(session: object, chunks: readonly Buffer[]): JsonPieces {
  const head = `${JSON.stringify(session).slice(0, -1)},"chunks":[`;
  return new JsonPieces([Buffer.from(head), ...chunks, Buffer.from(']}')]);
}
