import type Koa from 'koa';
import send from 'send';
import { ApiError } from '../../../shared/errors.ts';
import { clientHas } from '../etag.ts';
import { pumpFile } from '../pump.ts';

export interface FileHead {
  contentType: string;
  /** Bytes of the file that may be sent. */
  size: number;
  etag: string;
  cacheControl: string;
}

/**
 * Sends a file with Content-Length, ranges and conditional requests.
 * Rejects with file_not_found, precondition_failed and range_not_satisfiable.
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
  ctx.res.setHeader('Content-Type', head.contentType);
  const options = { dotfiles: 'allow', cacheControl: false, end: head.size - 1 } as const;
  const sending = send(ctx.req, encodeURI(path), options) as Sending;
  sending.stream = (found, { start }) => void pump(ctx, found, start, sending);
  return pipeFile(ctx, sending);
}

/** What `send` calls when it has answered everything but the bytes. */
interface Sending extends send.SendStream {
  stream(path: string, range: { start: number }): void;
}

async function pump(ctx: Koa.ParameterizedContext, path: string, start: number, sending: Sending) {
  const length = Number(ctx.res.getHeader('Content-Length'));
  try {
    await pumpFile(path, { start, length }, ctx.res);
  } catch (error) {
    if (!ctx.res.destroyed) sending.emit('error', error);
  }
}

/** Resolves when the answer is out; a client that leaves is no error. Rejects as sendFile does. */
export function pipeFile(
  ctx: Koa.ParameterizedContext,
  stream: send.SendStream,
): Promise<undefined> {
  return new Promise((resolve, reject) => {
    stream.on('error', (error: Error & { status?: number }) => {
      takeBack(ctx);
      reject(fileError(error));
    });
    ctx.res.once('close', () => resolve(undefined));
    ctx.respond = false;
    ctx.res.statusCode = 200;
    stream.pipe(ctx.res);
  });
}

function fileError(error: Error & { status?: number }): Error {
  if (error.status === 404) return new ApiError('file_not_found', 'There is no such file.');
  if (error.status === 412) {
    return new ApiError('precondition_failed', 'The file is not the one in If-Match.');
  }
  if (error.status === 416) {
    return new ApiError('range_not_satisfiable', 'The range lies outside the file.');
  }
  return error;
}

/** Koa answers after all, with JSON; a file that broke off in the middle must not look whole. */
function takeBack(ctx: Koa.ParameterizedContext): void {
  if (ctx.res.headersSent) {
    ctx.res.destroy();
    return;
  }
  ctx.respond = true;
  for (const name of ['Content-Type', 'ETag', 'Cache-Control']) ctx.res.removeHeader(name);
}
