import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  gzip,
  type ZlibOptions,
} from 'node:zlib';
import type Koa from 'koa';
import { type Encoding, encodingFor } from './encoding.ts';

/** A smaller answer is one packet anyway. */
const LEAST_BYTES = 1000;
const TYPES = /^(application\/json|text\/)/;
/** Browsers take brotli: whoever takes gzip alone is a program, often on the vehicle itself, asking again and again. */
const GZIP: ZlibOptions = { level: 1 };
/** A vehicle's processor has better things to do than to press out the last per cent. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

const [pressed, zipped] = [promisify(brotliCompress), promisify(gzip)];
const packed = {
  br: (bytes: Buffer) => pressed(bytes, BROTLI),
  gzip: (bytes: Buffer) => zipped(bytes, GZIP),
};
const packers = { br: () => createBrotliCompress(BROTLI), gzip: () => createGzip(GZIP) };

/** Packs JSON and text; files, downloads and what is streamed as it comes are left as they are. */
export const compress: Koa.Middleware = async (ctx, next) => {
  await next();
  if (!isWorthwhile(ctx)) return;
  ctx.vary('Accept-Encoding');
  const encoding = encodingFor(ctx);
  if (encoding === null) return;
  if (ctx.body instanceof Readable) packStream(ctx, ctx.body, encoding);
  else await packText(ctx, encoding);
};

function isWorthwhile(ctx: Koa.ParameterizedContext): boolean {
  const isWhole = ctx.respond !== false && ctx.status === 200 && ctx.method !== 'HEAD';
  const isText = TYPES.test(ctx.type) && ctx.type !== 'text/event-stream';
  // What is offered as a file is checked by its length.
  return isWhole && isText && ctx.body != null && !ctx.res.hasHeader('Content-Disposition');
}

async function packText(ctx: Koa.ParameterizedContext, encoding: Encoding): Promise<void> {
  const { body } = ctx;
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  if (bytes.length < LEAST_BYTES) return;
  ctx.body = await (Buffer.isBuffer(body) ? packedOnce(body, encoding) : packed[encoding](bytes));
  tell(ctx, encoding);
}

/** What stands ready is answered again and again with the same bytes: packed as long as it is there. */
const once = { br: new WeakMap<Buffer, Promise<Buffer>>(), gzip: new WeakMap() };

function packedOnce(body: Buffer, encoding: Encoding): Promise<Buffer> {
  const known = once[encoding].get(body);
  if (known) return known;
  const packing = packed[encoding](body);
  once[encoding].set(body, packing);
  return packing;
}

/** A source that breaks off takes the answer with it: half of it must not look whole. */
function packStream(ctx: Koa.ParameterizedContext, source: Readable, encoding: Encoding): void {
  // The error itself reaches whoever reads the answer: Koa.
  ctx.body = pipeline(source, packers[encoding](), () => undefined);
  tell(ctx, encoding);
}

/** The same content, in another form: its tag says so, and is still known when it is asked for. */
function tell(ctx: Koa.ParameterizedContext, encoding: Encoding): void {
  ctx.set('Content-Encoding', encoding);
  const tag = ctx.res.getHeader('ETag');
  if (typeof tag === 'string' && tag.startsWith('"')) ctx.set('ETag', `W/${tag}`);
}
