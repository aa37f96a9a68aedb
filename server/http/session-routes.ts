import type { Services } from '../services.ts';
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
} as const;

/** Sessions as a resource: lists, details, whole downloads and pictures. */
export function sessionHandlers({ catalogue, sessionExports }: Services): Handlers<Names> {
  return {
    sessions: ({ query }) => catalogue.sessions(query),
    session: async ({ params, query }) => {
      const { chunks, ...session } = await catalogue.session(params.session_id);
      const after = query.after_index ?? -1;
      return { ...session, chunks: chunks.filter(({ index }) => index > after) };
    },
    deleteSession: async ({ params }) => {
      await sessionExports.forget(params.session_id);
      await catalogue.remove(params.session_id);
      return { status: 'deleted', session_id: params.session_id };
    },
    sessionExport: async ({ params, query }, ctx) => {
      const { body, fileName } = await sessionExports.stream(params.session_id, query.format);
      ctx.attachment(fileName);
      ctx.type = EXPORT_TYPE[query.format];
      return body;
    },
    sessionPreview: ({ params, query }) => sessionExports.preview(params.session_id, query.points),
    sessionProfile: ({ params, query }) =>
      sessionExports.profile(params.session_id, query.dark_offset),
  };
}
