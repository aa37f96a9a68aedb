import type { Instant } from '../../shared/clock.ts';
import type { RecorderMetadata } from './metadata.ts';

/** A longer gap than this by the wall clock is taken for a clock that was set, not for time off. */
const PLAUSIBLE_GAP_S = 24 * 3600;

/** A wall clock that is off by less after a break was not set. */
const SLEWING_S = 0.1;

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
  /** Seconds by which the wall clock was set meanwhile; null: it was not, or nothing tells. */
  stepS: number | null;
}

/** Where elapsed_s goes on after a restart. */
export function continueAfter(
  { boot_id, mono_start }: Pick<RecorderMetadata, 'boot_id' | 'mono_start'>,
  last: LastMoment,
  bootId: string | null,
  now: Instant,
): Continuation {
  const exactGap = now.mono - mono_start - last.elapsed;
  const wallGap = (now.wallMicros - last.wallMicros) / 1e6;
  if (bootId !== null && bootId === boot_id && exactGap >= 0) {
    const stepS = stepOf(wallGap - exactGap);
    return { origin: mono_start, basis: 'monotonic_clock', gapS: exactGap, stepS };
  }
  const stepS = null;
  if (wallGap >= 0 && wallGap <= PLAUSIBLE_GAP_S) {
    return { origin: now.mono - last.elapsed - wallGap, basis: 'wall_clock', gapS: wallGap, stepS };
  }
  return { origin: now.mono - last.elapsed, basis: 'last_row', gapS: null, stepS };
}

/** Less is slewing over a long break. NaN, without a last row, is no step. */
function stepOf(seconds: number): number | null {
  return Math.abs(seconds) > SLEWING_S ? seconds : null;
}
