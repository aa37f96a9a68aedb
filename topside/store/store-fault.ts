import { z } from 'zod';

const responded = z.object({ $metadata: z.object({ httpStatusCode: z.int() }) });

/** Why something is not in the store yet, in words. */
export class StoreFault extends Error {
  override name = 'StoreFault';
  /** A person has to mend it. Otherwise the store is away or in trouble, which passes by itself. */
  readonly isRefusal: boolean;

  constructor(error: unknown) {
    const isRefusal = isRefused(error);
    super(`${isRefusal ? 'it refuses: ' : ''}${inWords(error)}`, { cause: error });
    this.isRefusal = isRefusal;
  }
}

/** The status of the store's answer; null where there was none. */
export function statusOf(error: unknown): number | null {
  return responded.safeParse(error).data?.$metadata.httpStatusCode ?? null;
}

/** The store's own no: trying the same again does not help. */
export function isRefused(error: unknown): boolean {
  const status = statusOf(error);
  if (status === null || status === 408 || status === 429) return false;
  return status < 500 || status === 501;
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  const code = 'code' in error ? String(error.code) : '';
  if (name === 'UnknownError') return `it answers ${statusOf(error)}`;
  if (message === '') return code || name;
  return name === 'Error' || message.includes(name) ? message : `${name}: ${message}`;
}
