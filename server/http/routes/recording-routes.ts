import type { Router } from '@koa/router';
import type { StartRequest } from '../../../shared/api/recording.ts';
import { ApiError } from '../../../shared/errors.ts';
import type { Services } from '../../control/services.ts';
import { JsonPieces } from '../json-pieces.ts';
import { tellDamage } from './damage-header.ts';
import { sendFile } from './files.ts';
import { type Handlers, Prebuilt } from './register.ts';

type Names =
  | 'recordStart'
  | 'recordStop'
  | 'recordStatus'
  | 'recordSnapshots'
  | 'recordTail'
  | 'file';

const CONTENT_TYPE = { jsonl: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' };

/** Recording sessions, as the clients in the field know them. */
export function recordingHandlers(services: Services): Handlers<Names> {
  const { control, catalogue, tail } = services;
  return {
    recordStart: ({ body }) => control.recordStart(body as StartRequest),
    recordStop: ({ body, query }) => control.recordStop(body.session_id ?? query.session_id),
    recordStatus: ({ query }) => recordStatus(services, query.session_id),
    recordSnapshots: async ({ query }, ctx) => {
      const { body, etag, damage } = await catalogue.snapshots(query.session_id, query.after_index);
      tellDamage(ctx, damage);
      return new Prebuilt(new JsonPieces(body), etag);
    },
    recordTail: async ({ query }, ctx) => {
      const rows = await tail(query.session_id, query.from_seq);
      tellDamage(ctx, await catalogue.damage(query.session_id));
      ctx.status = 200;
      ctx.type = CONTENT_TYPE.jsonl;
      // A silent sensor sends no row, but the client must know that it is connected.
      ctx.flushHeaders();
      return rows;
    },
    file: async ({ params }, ctx) => {
      const file = await catalogue.sealedFile(params.session_id, params.filename);
      const { path, sha256, size, grows, damage } = file;
      tellDamage(ctx, damage);
      return sendFile(ctx, path, {
        size,
        contentType: CONTENT_TYPE[path.endsWith('.csv') ? 'csv' : 'jsonl'],
        etag: `"${sha256}"`,
        cacheControl: grows ? 'no-cache' : 'public, max-age=31536000, immutable',
      });
    },
  };
}

/** While nothing is recorded, no session is the wrong one to ask about. */
function recordStatus({ recorder, disk, byItself }: Services, sessionId: string | undefined) {
  const status = recorder.status();
  if (status.is_recording && sessionId !== undefined) recorder.check(sessionId);
  return { ...status, disk_free_bytes: disk.lastFreeBytes, by_itself: byItself.words };
}

/** Paths below /files that are no file of a session: whatever has a way out in it is refused. */
export function strayFiles(router: Router): void {
  router.get(/^\/files(\/.*)?$/, (ctx) => {
    if (/\.\.|\/\/|\\|\0/.test(decoded(ctx.path))) {
      throw new ApiError('forbidden_path', 'This path leads out of the session.');
    }
    throw new ApiError('file_not_found', 'There is no such file: /files/<session_id>/<filename>.');
  });
}

/** What can't be decoded names no file, and leads nowhere. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
