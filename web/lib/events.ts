import { toneOf } from '../../shared/event-tones.ts';
import type { SessionEvent } from '../../shared/session.ts';
import type { PlotMarker } from './plot/markers.ts';

/** `sensor_disconnected` becomes `Sensor disconnected`. */
export function eventLabel(kind: string): string {
  const text = kind.replaceAll('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function isWarning(kind: string): boolean {
  return toneOf(kind) === 'warn';
}

/** An event as the plot shows it, at a time on the plot's axis in milliseconds. */
function markerOf(event: SessionEvent, time: number): PlotMarker {
  const { kind, detail } = event;
  return { time, label: eventLabel(kind), detail, tone: toneOf(kind) };
}

/** A session's events for a plot, ascending in time. `timeOf` puts them on the plot's axis. */
export function markersOf(
  events: readonly SessionEvent[],
  timeOf: (event: SessionEvent) => number,
): PlotMarker[] {
  return events.map((event) => markerOf(event, timeOf(event))).sort((a, b) => a.time - b.time);
}
