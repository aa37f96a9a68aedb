import { readFile } from 'node:fs/promises';
import type { Instant } from '../../shared/clock.ts';
import type { RecorderMetadata } from './metadata.ts';
import { isMissing } from './storage-error.ts';

/** A longer gap than this by the wall clock is taken for a clock that was set, not for time off. */
const PLAUSIBLE_GAP_S = 24 * 3600;

/** What is known of the last moment of a session before the restart. */
export interface LastMoment {
  /** Monotonic seconds since the session began. */
  elapsed: number;
  /** UTC microseconds. */
  wallMicros: number;
}

export interface Continuation {
  /** Monotonic seconds of the running boot at which elapsed_s is 0. */
  origin: number;
  /** What elapsed_s goes on by: exact, about right, or with the gap left out. */
  basis: 'monotonic_clock' | 'wall_clock' | 'last_row';
  /** Seconds without readings; null where nothing tells. */
  gapS: number | null;
}

/** The monotonic clock counts from boot, so it can be compared only within one. */
export async function readBootId(): Promise<string | null> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Where elapsed_s goes on after a restart. */
export function continueAfter(
  { boot_id, mono_start }: Pick<RecorderMetadata, 'boot_id' | 'mono_start'>,
  last: LastMoment,
  bootId: string | null,
  now: Instant,
): Continuation {
  const exactGap = now.mono - mono_start - last.elapsed;
  if (bootId !== null && bootId === boot_id && exactGap >= 0) {
    return { origin: mono_start, basis: 'monotonic_clock', gapS: exactGap };
  }
  const wallGap = (now.wallMicros - last.wallMicros) / 1e6;
  if (wallGap >= 0 && wallGap <= PLAUSIBLE_GAP_S) {
    return { origin: now.mono - last.elapsed - wallGap, basis: 'wall_clock', gapS: wallGap };
  }
  return { origin: now.mono - last.elapsed, basis: 'last_row', gapS: null };
}
