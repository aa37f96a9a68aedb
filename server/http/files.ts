import type Koa from 'koa';
import send from 'send';
import { ApiError } from '../../shared/errors.ts';
import { clientHas } from './etag.ts';

export interface FileHead {
  contentType: string;
  etag: string;
  cacheControl: string;
}

/**
 * Sends a file with Content-Length, ranges and conditional requests.
 * Rejects with file_not_found and range_not_satisfiable; a client that leaves is no error.
 */
export async function sendFile(
  ctx: Koa.ParameterizedContext,
  path: string,
  head: FileHead,
): Promise<undefined> {
  ctx.set({ ETag: head.etag, 'Cache-Control': head.cacheControl });
  if (!clientHas(ctx, head.etag)) return pipe(ctx, path, head);
  ctx.status = 304;
  return undefined;
}

function pipe(ctx: Koa.ParameterizedContext, path: string, head: FileHead): Promise<undefined> {
  return new Promise((resolve, reject) => {
    const stream = send(ctx.req, encodeURI(path), { dotfiles: 'allow', cacheControl: false });
    ctx.res.setHeader('Content-Type', head.contentType);
    stream.on('error', (error: NodeJS.ErrnoException & { status?: number }) => {
      const meant = fileError(error);
      if (meant instanceof ApiError) dropHead(ctx);
      reject(meant);
    });
    ctx.res.once('close', () => resolve(undefined));
    ctx.respond = false;
    ctx.res.statusCode = 200;
    stream.pipe(ctx.res);
  });
}

function fileError(error: Error & { status?: number }): Error {
  if (error.status === 404) return new ApiError('file_not_found', 'There is no such file.');
  if (error.status === 416) {
    return new ApiError('range_not_satisfiable', 'The range lies outside the file.');
  }
  return error;
}

/** Koa answers after all, with JSON. */
function dropHead(ctx: Koa.ParameterizedContext): void {
  ctx.respond = true;
  for (const name of ['Content-Type', 'ETag', 'Cache-Control']) ctx.res.removeHeader(name);
}
