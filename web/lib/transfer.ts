import { CallError, fromResponse, unreachable } from './http/call-error.ts';
import { isWhole } from './whole.ts';

export interface Progress {
  bytes: number;
  /** Null when the vehicle does not know beforehand. */
  total: number | null;
}

/** Fetches a file of a format and tells how far it is; what did not come whole is an error. */
export async function fetchWithProgress(
  url: string,
  format: string,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw await fromResponse(response);
  if (!response.body) throw unreachable(new Error('no body'));
  const length = response.headers.get('content-length');
  const packed = response.headers.has('content-encoding');
  const progress: Progress = { bytes: 0, total: length && !packed ? Number(length) : null };
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      progress.bytes += part.length;
      onProgress({ ...progress });
      controller.enqueue(part);
    },
  });
  const file = await new Response(response.body.pipeThrough(count)).blob();
  const rows = response.headers.get('x-row-count');
  if (await isWhole(format, file, rows === null ? null : Number(rows))) return file;
  throw new CallError('unreachable', 'The download broke off before its end: try it again.');
}
