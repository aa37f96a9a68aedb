import type { EventKind } from './events.ts';

/** warn: readings, or depths, are or may be missing · info: it explains, or marks a moment. */
export type EventTone = 'warn' | 'info';

/** Apart from events.ts, so that the page need not load the schemas for it. */
const INFO: readonly EventKind[] = [
  'recording_started',
  'recording_stopped',
  'service_stopped',
  'readings_resumed',
  'clock_step',
  'clock_state',
  'clock_compared',
  'vehicle_back',
  'vehicle_recovered',
  'surface_pressure',
  'marker',
  'sync_marker',
  'chunk_recovered',
  'manifest_rebuilt',
];

/** A kind of a newer version counts as a warning: it may tell of a hole. */
export function toneOf(kind: string): EventTone {
  return INFO.some((known) => known === kind) ? 'info' : 'warn';
}
