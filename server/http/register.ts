import { Readable } from 'node:stream';
import type { Router } from '@koa/router';
import type Koa from 'koa';
import type { z } from 'zod';
import type { Api } from '../../shared/api/index.ts';
import type { Input, Reply, Route } from '../../shared/api/route.ts';
import { ApiError } from '../../shared/errors.ts';
import { readJson } from './body.ts';
import { clientHas } from './etag.ts';
import { issueInWords } from './words.ts';

/** An answer whose JSON text stands ready; an `etag` lets a client ask whether it changed. */
export class Prebuilt {
  constructor(
    readonly json: string | Buffer,
    readonly etag: string | null,
  ) {}
}

/** What a route gives: an object, JSON that stands ready, JSON as a stream, or nothing where it sent a file. */
export type Answer<R extends Route> = Reply<R> | Prebuilt | Readable;

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
  const parsed = schema.safeParse(value, { error: issueInWords });
  if (parsed.success) return parsed.data;
  throw new ApiError('bad_request', inWords(parsed.error));
}

function inWords(error: z.ZodError): string {
  const issues = error.issues
    .flatMap(meantIssues)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
  return `${issues.join('; ')}.`;
}

/** Of a choice of shapes, what is wrong with the one that was meant: it knows all the keys. */
function meantIssues(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const misses = (branch: z.core.$ZodIssue[]) =>
    branch.some(({ code }) => code === 'unrecognized_keys' || code === 'custom');
  const [meant = []] = [...issue.errors].sort((a, b) => Number(misses(a)) - Number(misses(b)));
  return meant;
}

function send(ctx: Koa.ParameterizedContext, reply: unknown): void {
  if (reply instanceof Prebuilt) sendPrebuilt(ctx, reply);
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
  else {
    ctx.type = 'json';
    ctx.body = json;
  }
}
