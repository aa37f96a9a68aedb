import { isoMicros } from '../../shared/clock.ts';
import type { Reading } from '../../shared/reading.ts';
import type { RowText } from '../../shared/stored-rows.ts';

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
