import { z } from 'zod';
import { EXIT, LeaveError } from '../exit-codes.ts';
import { LostError } from '../remote/lost.ts';

const responded = z.object({ $metadata: z.object({ httpStatusCode: z.int() }) });

/** No answer, or a store in trouble: later it may work. A refusal has to be mended by a person. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { data } = responded.safeParse(error);
  const status = data?.$metadata.httpStatusCode ?? 0;
  const isNetwork = 'code' in error && /^E[A-Z]+$/.test(String(error.code));
  if (status >= 500 || isNetwork || error.name === 'TimeoutError') {
    return new LostError('object store', error.message || error.name, { cause: error });
  }
  const message = `The object store can't be used: ${error.name}: ${error.message}`;
  return new LeaveError(EXIT.storeLost, message, { cause: error });
}
