import type { Services } from '../services.ts';
import { sendFile } from './files.ts';
import { type Handlers, Prebuilt } from './register.ts';

type Names = 'recordStart' | 'recordStop' | 'recordStatus' | 'recordSnapshots' | 'file';

const CONTENT_TYPE = { jsonl: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' };

/** Recording sessions, as the clients in the field know them. */
export function recordingHandlers({ control, catalogue }: Services): Handlers<Names> {
  return {
    recordStart: ({ body }) => control.recordStart(body),
    recordStop: ({ body, query }) => control.recordStop(body.session_id ?? query.session_id),
    recordStatus: ({ query }) => control.recordStatus(query.session_id),
    recordSnapshots: async ({ query }) => {
      const { body, etag } = await catalogue.snapshots(query.session_id, query.after_index);
      return new Prebuilt(body, etag);
    },
    file: async ({ params }, ctx) => {
      const { path, sha256 } = await catalogue.chunkFile(params.session_id, params.filename);
      return sendFile(ctx, path, {
        contentType: CONTENT_TYPE[path.endsWith('.csv') ? 'csv' : 'jsonl'],
        etag: `"${sha256}"`,
        cacheControl: 'public, max-age=31536000, immutable',
      });
    },
  };
}
