import type { Preview } from '../../../shared/api/sessions.ts';
import type { Gap } from '../../../shared/series/gaps.ts';

/** Minimum, maximum and mean of bins of time, as the vehicle sums up a session. */
export interface History {
  binMs: number;
  /** Where readings are missing, as their distances tell; times as below, ascending. */
  gaps: readonly Gap[];
  /** Where exact readings follow on it, so long between them is no gap. */
  seamMs: number;
  /** Start of each bin, milliseconds UTC, ascending. */
  times: Float64Array;
  lo: Float32Array;
  hi: Float32Array;
  mean: Float32Array;
}

/** Where history and readings meet, up to a bin is left out: it is neither all of one nor the other. */
const SEAM = 2.5;

export const NO_HISTORY: History = {
  binMs: 1,
  gaps: [],
  seamMs: 1,
  times: new Float64Array(0),
  lo: new Float32Array(0),
  hi: new Float32Array(0),
  mean: new Float32Array(0),
};

/**
 * The wall-clock time at which the session's elapsed time was 0, in milliseconds UTC. Told from
 * the last bin: a clock that was set during the session is right at its end, not at its start.
 */
export function sessionOrigin(preview: Preview): number {
  const last = preview.elapsed_s.length - 1;
  const time = Date.parse(preview.timestamp[last] ?? '');
  return time - (preview.elapsed_s[last] ?? 0) * 1000;
}

/** A session's preview on one axis of time that no step of the clock folds. */
export function historyOf(preview: Preview, origin = sessionOrigin(preview)): History {
  const at = (elapsed: number) => origin + elapsed * 1000;
  return {
    binMs: preview.bin_s * 1000,
    gaps: preview.gap_from_s.map((from, i) => ({
      from: at(from),
      to: at(preview.gap_to_s[i] ?? from),
    })),
    seamMs: SEAM * (preview.bin_s + (preview.period_s ?? 0)) * 1000,
    times: Float64Array.from(preview.elapsed_s, at),
    lo: Float32Array.from(preview.min),
    hi: Float32Array.from(preview.max),
    mean: Float32Array.from(preview.mean),
  };
}

/** The first bin that starts at this time or later. */
export function firstBin(history: History, time: number): number {
  let low = 0;
  let high = history.times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((history.times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
