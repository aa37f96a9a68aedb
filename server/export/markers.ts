import type { SessionEvent } from '../../shared/session.ts';
import type { SessionClock } from '../../shared/session-clock.ts';

const MARKER_KIND = 'marker';

/** A marker that the pilot set, at its seconds since the session began. */
export interface Marker {
  time: number;
  text: string;
}

/** The markers among a session's events, oldest first. */
export function markersOf(events: readonly SessionEvent[], clock: SessionClock): Marker[] {
  return events
    .filter(({ kind }) => kind === MARKER_KIND)
    .map((event) => ({ time: clock.of(event), text: event.detail }))
    .sort((a, b) => a.time - b.time);
}
