import { isoMicros } from '../../shared/clock.ts';
import type { Reading } from '../../shared/reading.ts';

/** A row with the text of its fields as it stands in the chunk; '' where nothing is. */
export interface RowText {
  timestamp: string;
  sensorId: string;
  /** freerun or polled; SYNC_START or SYNC_STOP for a marker. */
  mode: string;
  /** A JSON number; a marker's id. */
  value: string;
  temperature: string;
  voltage: string;
  seq: string;
  elapsed: string;
}

/** Markers carry an id where readings carry a number. */
export function isMarker(row: RowText): boolean {
  return row.mode.startsWith('SYNC_');
}

export function readingRow(reading: Reading): RowText {
  return {
    timestamp: isoMicros(reading.wallMicros),
    sensorId: reading.sensorId,
    mode: reading.mode,
    value: reading.value,
    temperature: reading.temperature ?? '',
    voltage: reading.voltage ?? '',
    seq: '',
    elapsed: '',
  };
}
