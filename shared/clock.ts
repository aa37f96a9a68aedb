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
