import type Koa from 'koa';
import { ApiError } from '../../shared/errors.ts';

/** Metadata may have 64 KiB; the rest of a request is small. */
export const BODY_LIMIT = 96 * 1024;

/** Whoever walks through a body in recursion is safe up to here. */
const MOST_LEVELS = 50;

/** Validation, and many a reader of JSON, drops this key: what is kept would not be what was sent. */
const LOST_KEY = '__proto__';

/** The JSON body of a request; `{}` where there is none. */
export async function readJson(ctx: Koa.ParameterizedContext): Promise<unknown> {
  const bytes = await readBytes(ctx);
  if (bytes.length === 0) return {};
  if (ctx.request.is('json', '+json') === false && ctx.get('content-type') !== '') {
    throw new ApiError(
      'unsupported_content_type',
      `Send the body as application/json, not as ${ctx.get('content-type')}.`,
    );
  }
  const value = parsed(bytes.toString('utf8'));
  if (deeperThan(MOST_LEVELS, value)) {
    throw new ApiError('bad_request', `The body is nested more than ${MOST_LEVELS} levels deep.`);
  }
  if (!holds(LOST_KEY, value)) return value;
  throw new ApiError('bad_request', `The body has the key ${LOST_KEY}: choose another.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError('malformed_json', 'The body is no valid JSON.', { cause });
  }
}

function deeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => deeperThan(levels - 1, inner));
}

function holds(key: string, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, key) || Object.values(value).some((inner) => holds(key, inner));
}

async function readBytes(ctx: Koa.ParameterizedContext): Promise<Buffer> {
  if ((ctx.request.length ?? 0) > BODY_LIMIT) throw tooLarge(ctx);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of received(ctx)) {
    size += piece.length;
    if (size > BODY_LIMIT) throw tooLarge(ctx);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** A tether that breaks in the middle of a request is no error of the service. */
async function* received(ctx: Koa.ParameterizedContext): AsyncGenerator<Buffer> {
  try {
    yield* ctx.req;
  } catch (cause) {
    if (ctx.req.complete) throw cause;
    throw new ApiError('bad_request', 'The connection ended in the middle of the body.', { cause });
  }
}

/** The rest of the body is not read: the connection ends after the answer. */
function tooLarge(ctx: Koa.ParameterizedContext): ApiError {
  ctx.set('Connection', 'close');
  return new ApiError('body_too_large', `The body is larger than ${BODY_LIMIT / 1024} KiB.`);
}
