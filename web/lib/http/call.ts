import type { z } from 'zod';
import type { Api } from '../../../shared/api/index.ts';
import { fromResponse, unreachable } from './call-error.ts';
import { keptToken, TOKEN_WANTED } from './token.ts';

type Routes = Api[keyof Api];
type RouteOf<M, P> = Extract<Routes, { method: M; path: P }>;
type Method = Routes['method'];
type PathOf<M> = Extract<Routes, { method: M }>['path'];
type Sent<S> = S extends z.ZodType ? z.input<S> : never;
type Got<S> = S extends z.ZodType ? z.output<S> : never;
/** What a route answers. */
export type Reply<M, P> = Got<RouteOf<M, P>['reply']>;

export interface CallOptions<R> {
  params?: R extends { params: infer S } ? Sent<S> : never;
  query?: R extends { query: infer S } ? Partial<Sent<S>> : never;
  body?: R extends { body: infer S } ? Sent<S> : never;
  timeoutMs?: number;
  signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** `/sessions/{id}` with its parameters put in, relative to the document: works under any prefix. */
export function address(path: string, params: object = {}, query: object = {}): string {
  const filled = Object.entries(params).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(String(value))),
    path,
  );
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)]));
  return `.${filled}${search.size > 0 ? `?${search}` : ''}`;
}

/** Ends a call in time, or when the caller does not want it any more; AbortSignal.any is too new for it. */
function deadline({ timeoutMs, signal }: CallOptions<unknown>): AbortSignal {
  const controller = new AbortController();
  const late = new DOMException('No answer in time.', 'TimeoutError');
  setTimeout(() => controller.abort(late), timeoutMs ?? DEFAULT_TIMEOUT_MS);
  if (signal?.aborted) controller.abort(signal.reason);
  signal?.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  return controller.signal;
}

function requestInit(method: Method, options: CallOptions<unknown>): RequestInit {
  const token = method === 'get' ? null : keptToken();
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  return {
    ...{ method: method.toUpperCase(), signal: deadline(options), cache: 'no-store', headers },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  };
}

/**
 * Calls a route of the service. Method and path are checked against the contract, which gives
 * the types of what is sent and of the answer.
 * @throws {CallError} with the server's words, or code `unreachable` when nothing answers.
 */
export async function call<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  options: CallOptions<RouteOf<M, P>> = {},
): Promise<Reply<M, P>> {
  const response = await fetch(
    address(path, options.params, options.query),
    requestInit(method, options),
  ).catch((cause: unknown) => {
    throw options.signal?.aborted ? cause : unreachable(cause);
  });
  if (response.status === 401) window.dispatchEvent(new Event(TOKEN_WANTED));
  if (!response.ok) throw await fromResponse(response);
  try {
    return (await response.json()) as Reply<M, P>;
  } catch (cause) {
    throw unreachable(cause);
  }
}
