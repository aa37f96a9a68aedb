import type { Preview } from '../../../shared/api/sessions.ts';

/** Minimum, maximum and mean of bins of time, as the vehicle sums up a session. */
export interface History {
  binMs: number;
  /** So long from the end of a bin to the start of the next one is no hole. */
  reachMs: number;
  /** Start of each bin, milliseconds UTC, ascending. */
  times: Float64Array;
  lo: Float32Array;
  hi: Float32Array;
  mean: Float32Array;
}

export const NO_HISTORY: History = {
  binMs: 1,
  reachMs: 1,
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

/** One bin or reading missing makes a distance of two usual ones. */
const USUAL_STEPS = 1.8;

/**
 * The longest distance between two bins that is no hole, in the unit of `starts`. Bins may be
 * finer than the readings come: then most of them are empty, and that is as it should be.
 */
export function longestStep(starts: readonly number[], bin: number): number {
  const steps = starts.slice(1).map((start, i) => start - (starts[i] ?? start));
  steps.sort((a, b) => a - b);
  return USUAL_STEPS * Math.max(bin, steps[steps.length >> 1] ?? bin);
}

/** A session's preview on one axis of time that no step of the clock folds. */
export function historyOf(preview: Preview, origin = sessionOrigin(preview)): History {
  return {
    binMs: preview.bin_s * 1000,
    reachMs: (longestStep(preview.elapsed_s, preview.bin_s) - preview.bin_s) * 1000,
    times: Float64Array.from(preview.elapsed_s, (elapsed) => origin + elapsed * 1000),
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
