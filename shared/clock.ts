/** A moment as both clocks saw it. */
export interface Instant {
  /** UTC, microseconds since 1970. May step when the vehicle's clock is set. */
  wallMicros: number;
  /** Monotonic seconds from an arbitrary origin. Never steps. */
  mono: number;
}

/** Where the server gets its time from; tests hand in one that they can set. */
export interface Clock {
  now(): Instant;
}

const PREFIX_LENGTH = '2025-11-12T14:30:45.'.length;

/** UTC as ISO 8601 with `Z` and microseconds: `2025-11-12T14:30:45.123456Z`. */
export function isoMicros(wallMicros: number): string {
  const seconds = Math.floor(wallMicros / 1e6);
  const fraction = Math.floor(wallMicros - seconds * 1e6);
  const prefix = new Date(seconds * 1000).toISOString().slice(0, PREFIX_LENGTH);
  return `${prefix}${String(fraction).padStart(6, '0')}Z`;
}

/** The inverse of {@link isoMicros}; NaN where the text is no ISO 8601 time. */
export function parseIsoMicros(text: string): number {
  const millis = Date.parse(text);
  const digits = /\.(\d{1,6})/.exec(text)?.[1] ?? '';
  return Math.floor(millis / 1000) * 1e6 + Number(digits.padEnd(6, '0'));
}

/** As exact as times are told; half as much again, so that it shows after rounding. */
const LEAST_S = 1.5e-6;
/** A wall clock that goes back by more was set, and that shows. */
const SET_BACK_MICROS = 100_000;

/** The same, or so much later that both its times differ from those of the last one. */
export function laterThan<T extends Instant>(at: T, last: Instant): T {
  const mono = Math.max(at.mono, last.mono + LEAST_S);
  const back = last.wallMicros - at.wallMicros;
  const shares = back >= 0 && back < SET_BACK_MICROS;
  if (mono === at.mono && !shares) return at;
  return { ...at, mono, wallMicros: shares ? last.wallMicros + 1 : at.wallMicros };
}
