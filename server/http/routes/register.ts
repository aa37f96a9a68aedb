import { Readable } from 'node:stream';
import type { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import type { Api } from '../../../shared/api/index.ts';
import type { Input, Reply, Route } from '../../../shared/api/route.ts';
import { ApiError } from '../../../shared/errors.ts';
import { readJson } from '../body.ts';
import { clientHas } from '../etag.ts';
import { JsonPieces } from '../json-pieces.ts';
import { issueInWords } from '../words.ts';

/** Below this the pieces of an answer are put together, so that it goes out at once. */
const LONG_BYTES = 256 * 1024;

/** JSON that stands ready, of an answer of which an `etag` lets a client ask whether it changed. */
export class Prebuilt {
  constructor(
    readonly json: string | Buffer | JsonPieces,
    readonly etag: string | null,
  ) {}
}

/** What a route gives: an object, JSON that stands ready, JSON as a stream, or nothing where it sent a file. */
export type Answer<R extends Route> = Reply<R> | JsonPieces | Prebuilt | Readable;

export type Handler<R extends Route> = (
  input: Input<R>,
  ctx: Koa.ParameterizedContext,
) => Answer<R> | Promise<Answer<R>>;

export type Handlers<Names extends keyof Api = keyof Api> = {
  [Name in Names]: Handler<Api[Name]>;
};

/** Puts one route of the contract on the router: its input is validated before the handler. */
export function register<R extends Route>(router: Router, route: R, handler: Handler<R>): void {
  for (const path of [route.path, ...(route.aliases ?? [])]) {
    router[route.method](path.replaceAll(/\{(\w+)\}/g, ':$1'), async (ctx) => {
      const input = await validInput(route, ctx);
      send(ctx, await handler(input, ctx));
    });
  }
}

async function validInput<R extends Route>(
  route: R,
  ctx: Koa.ParameterizedContext,
): Promise<Input<R>> {
  const input = {
    params: valid(route.params, ctx['params']),
    query: valid(route.query, { ...ctx.query }),
    body: route.body ? valid(route.body, await readJson(ctx)) : {},
  };
  return input as Input<R>;
}

function valid(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return {};
  const results = shapesOf(schema).map((shape) => shape.safeParse(value, { error: issueInWords }));
  const good = results.find(({ success }) => success);
  if (good) return good.data;
  throw new ApiError(
    'bad_request',
    inWords(meant(results.map(({ error }) => error?.issues ?? []))),
  );
}

/** Of a choice of shapes each by itself: the library tells of one that may not be the one that was meant. */
function shapesOf(schema: z.ZodType): readonly z.ZodType[] {
  return schema instanceof z.ZodUnion ? (schema.options as z.ZodType[]) : [schema];
}

function inWords(issues: readonly z.core.$ZodIssue[]): string {
  const words = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  return `${words.join('; ')}.`;
}

/** What is wrong with the shape that was meant: it knows all the keys. */
function meant(shapes: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] {
  const misses = (issues: z.core.$ZodIssue[]) =>
    issues.some(({ code }) => code === 'unrecognized_keys' || code === 'custom');
  const [best = []] = [...shapes].sort((a, b) => Number(misses(a)) - Number(misses(b)));
  return best;
}

function send(ctx: Koa.ParameterizedContext, reply: unknown): void {
  if (reply instanceof Prebuilt) sendPrebuilt(ctx, reply);
  else if (reply instanceof JsonPieces) sendPieces(ctx, reply);
  else if (reply instanceof Readable) sendStream(ctx, reply);
  else if (reply !== undefined) ctx.body = reply;
}

/** JSON, unless the handler said what it is. */
function sendStream(ctx: Koa.ParameterizedContext, body: Readable): void {
  if (ctx.type === '') ctx.type = 'json';
  ctx.body = body;
}

function sendPrebuilt(ctx: Koa.ParameterizedContext, { json, etag }: Prebuilt): void {
  ctx.status = 200;
  ctx.set('Cache-Control', 'no-cache');
  if (etag !== null) ctx.set('ETag', etag);
  if (etag !== null && clientHas(ctx, etag)) ctx.status = 304;
  else if (json instanceof JsonPieces) sendPieces(ctx, json);
  else {
    ctx.type = 'json';
    ctx.body = json;
  }
}

/** A long one is handed over piece by piece, as the client takes it. */
function sendPieces(ctx: Koa.ParameterizedContext, { pieces }: JsonPieces): void {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const isLong = bytes > LONG_BYTES;
  ctx.type = 'json';
  ctx.body = isLong ? Readable.from(pieces, { objectMode: false }) : Buffer.concat(pieces);
  ctx.length = bytes;
}
