/**
 * WebSocket /stream (also /sensor/stream): one JSON row per reading, in order.
 * With `?batch_ms=100` (20 to 1000) arrays of rows at that interval instead, for pages.
 */
export const STREAM_PATHS = ['/stream', '/sensor/stream'] as const;

/** Why the server closed a stream. */
export const STREAM_CLOSE = {
  /** The client did not keep up: more bytes or seconds behind than allowed. */
  tooSlow: 4008,
  /** The server is stopping; connect again. */
  goingAway: 1001,
  badRequest: 4000,
} as const;
