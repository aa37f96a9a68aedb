import { fromResponse, unreachable } from './http/call-error.ts';

export interface Progress {
  bytes: number;
  /** Null when the vehicle does not know beforehand. */
  total: number | null;
}

/** Fetches a file and tells how far it is. */
export async function fetchWithProgress(
  url: string,
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
  return await new Response(response.body.pipeThrough(count)).blob();
}
