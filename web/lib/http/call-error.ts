import type { ErrorCode } from '../../../shared/errors.ts';

/** What a call ended with. `message` is one sentence for the person at the page. */
export class CallError extends Error {
  /** The server's code; `unreachable` when it did not answer. */
  readonly code: ErrorCode | 'unreachable';

  constructor(code: ErrorCode | 'unreachable', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CallError';
    this.code = code;
  }
}

export function unreachable(cause: unknown): CallError {
  return new CallError(
    'unreachable',
    'The vehicle does not answer. Check the tether and the vehicle’s power; this page goes on trying.',
    { cause },
  );
}

/** A proxy in between answers for a server that is down, in its own words: not our JSON. */
export async function fromResponse(response: Response): Promise<CallError> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== 'object' || body === null || !('detail' in body) || !('code' in body)) {
    return unreachable(new Error(`HTTP ${response.status}`));
  }
  return new CallError(body.code as ErrorCode, String(body.detail));
}

/** The sentence to show for anything that was thrown. */
export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
