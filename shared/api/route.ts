import type { z } from 'zod';
import type { ErrorCode } from '../errors.ts';

/** What a route that answers no JSON sends instead. */
export interface Download {
  contentTypes: readonly string[];
  description: string;
}

/** One endpoint of the HTTP API: the router validates with it, the documentation is made from it. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  /** As OpenAPI writes it: `/files/{session_id}/{filename}`. */
  path: string;
  /** Other paths of the same call. */
  aliases?: readonly string[];
  tag: 'Recording' | 'Sensor' | 'Memory' | 'Sessions' | 'Service';
  summary: string;
  description?: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** The JSON body. A request without one counts as `{}`. */
  body?: z.ZodType;
  reply: z.ZodType | Download;
  /** Other answers that are no errors, by status. */
  otherReplies?: Readonly<Record<number, string>>;
  errors: readonly ErrorCode[];
}

/** Keeps the literal types of a route, so that handlers are checked against its schemas. */
export function route<const R extends Route>(spec: R): R {
  return spec;
}

export function isDownload(reply: Route['reply']): reply is Download {
  return 'contentTypes' in reply;
}

type Output<S> = S extends z.ZodType ? z.output<S> : Record<never, never>;

/** What a handler is given: validated path parameters, query and body. */
export interface Input<R extends Route> {
  params: Output<R['params']>;
  query: Output<R['query']>;
  body: Output<R['body']>;
}

/** What a handler returns, before it is put into JSON; a download is sent by the handler. */
export type Reply<R extends Route> = R['reply'] extends z.ZodType ? z.input<R['reply']> : undefined;
