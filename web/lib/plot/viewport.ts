/** What part of time a plot shows. `end` is null while it follows the newest reading. */
export interface Viewport {
  spanMs: number;
  end: number | null;
}

/** How far a viewport may go, in milliseconds UTC. */
export interface Limits {
  begin: number;
  end: number;
  longestMs: number;
}

export const SHORTEST_SPAN_MS = 200;

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

export function endOf(view: Viewport, limits: Limits): number {
  return view.end ?? limits.end;
}

/** Puts the right edge somewhere; at the newest reading it follows again. */
function placed(spanMs: number, end: number, limits: Limits): Viewport {
  if (end >= limits.end) return { spanMs, end: null };
  return { spanMs, end: clamp(end, Math.min(limits.begin + spanMs, limits.end), limits.end) };
}

/** Moves through time; forward is positive. */
export function pan(view: Viewport, milliseconds: number, limits: Limits): Viewport {
  return placed(view.spanMs, endOf(view, limits) + milliseconds, limits);
}

/** Zooms so that the time `anchor` stays where it is. A factor below 1 shows less time. */
export function zoom(view: Viewport, factor: number, anchor: number, limits: Limits): Viewport {
  const spanMs = clamp(view.spanMs * factor, SHORTEST_SPAN_MS, limits.longestMs);
  if (view.end === null) return { spanMs, end: null };
  const end = anchor + (view.end - anchor) * (spanMs / view.spanMs);
  return placed(spanMs, end, limits);
}

export function withSpan(view: Viewport, spanMs: number, limits: Limits): Viewport {
  return zoom(view, spanMs / view.spanMs, endOf(view, limits), limits);
}

export function follow(view: Viewport): Viewport {
  return { spanMs: view.spanMs, end: null };
}
