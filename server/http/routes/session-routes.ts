import type { Services } from '../../control/services.ts';
import { damageTeller } from './damage-header.ts';
import { offer } from './download.ts';
import { CONTENT_TYPE } from './memory-routes.ts';
import type { Handlers } from './register.ts';

type Names =
  | 'sessions'
  | 'session'
  | 'deleteSession'
  | 'sessionExport'
  | 'sessionPreview'
  | 'sessionProfile';

const EXPORT_TYPE = {
  ...CONTENT_TYPE,
  jsonl: 'application/x-ndjson',
  zip: 'application/zip',
  geojson: 'application/geo+json',
  gpx: 'application/gpx+xml',
  kml: 'application/vnd.google-earth.kml+xml',
} as const;

/** Sessions as a resource: lists, details, whole downloads and pictures. */
export function sessionHandlers({ catalogue, sessionExports }: Services): Handlers<Names> {
  const told = damageTeller(catalogue);
  return {
    sessions: ({ query }) => catalogue.sessions(query),
    session: async ({ params, query }, ctx) => {
      const { chunks, ...session } = await catalogue.session(params.session_id);
      await told(ctx, params);
      const after = query.after_index ?? -1;
      return { ...session, chunks: chunks.filter(({ index }) => index > after) };
    },
    deleteSession: async ({ params }) => {
      await sessionExports.forget(params.session_id);
      await catalogue.remove(params.session_id);
      return { status: 'deleted', session_id: params.session_id };
    },
    sessionExport: async ({ params, query }, ctx) => {
      const { format, compress } = query;
      const made = await sessionExports.stream(params.session_id, { format, isStored: !compress });
      await told(ctx, params);
      return offer(ctx, { ...made, type: EXPORT_TYPE[format] });
    },
    sessionPreview: async ({ params, query }, ctx) => {
      const preview = await sessionExports.preview(params.session_id, query.points);
      await told(ctx, params);
      return preview;
    },
    sessionProfile: async ({ params, query }, ctx) => {
      const profile = await sessionExports.profile(params.session_id, query.dark_offset);
      await told(ctx, params);
      return profile;
    },
  };
}
