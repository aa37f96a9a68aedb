import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait after so many attempts (1 and more) that came to nothing; then as the last one. */
export function pauseAfter(pausesMs: readonly number[], tries: number): number {
  return pausesMs[Math.min(tries, pausesMs.length) - 1] ?? 0;
}

/** Resolves after this time, or as soon as `signal` ends it. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error) => {
    if (!signal.aborted) throw error;
  });
}
