import type { ColumnSource } from 'hyparquet-writer';
import { parseIsoMicros } from '../../../shared/clock.ts';
import type { RowText } from '../../../shared/stored-rows.ts';
import type { RowJoin } from '../row-join.ts';
import { isMarker } from '../row-text.ts';

const SECOND_LENGTH = '2025-11-12T14:30:45'.length;
const MICROS_LENGTH = '2025-11-12T14:30:45.123456Z'.length;

/** Rows turned into the columns of one row group. */
export class ParquetColumns {
  #timestamps: bigint[] = [];
  #sensorIds: string[] = [];
  #modes: string[] = [];
  #values: (number | null)[] = [];
  #temperatures: (number | null)[] = [];
  #voltages: (number | null)[] = [];
  #seqs: (bigint | null)[] = [];
  #elapsed: (number | null)[] = [];
  #syncIds: (string | null)[] = [];
  #depths: (number | null)[] = [];
  #markers: (string | null)[] = [];
  #times: (bigint | null)[] = [];
  #uncertainties: (number | null)[] = [];
  readonly #join: RowJoin | null;
  /** Rows of one second stand together: its text is parsed once. */
  #second = '';
  #secondMicros = 0;

  constructor(join: RowJoin | null) {
    this.#join = join;
  }

  get rows(): number {
    return this.#timestamps.length;
  }

  add(row: RowText): void {
    const marker = isMarker(row);
    this.#timestamps.push(BigInt(this.#micros(row.timestamp)));
    this.#sensorIds.push(row.sensorId);
    this.#modes.push(row.mode);
    this.#values.push(marker ? null : Number(row.value));
    this.#temperatures.push(numberOrNull(row.temperature));
    this.#voltages.push(numberOrNull(row.voltage));
    this.#seqs.push(row.seq === '' ? null : BigInt(row.seq));
    this.#elapsed.push(numberOrNull(row.elapsed));
    this.#syncIds.push(marker ? row.value : null);
    if (this.#join === null) return;
    this.#depths.push(this.#join.depth(row));
    this.#markers.push(this.#join.marker(row));
    const time = this.#join.time(row);
    this.#times.push(time && BigInt(time.micros));
    this.#uncertainties.push(time?.uncertaintyS ?? null);
  }

  /** The columns of these names, in the order of the schema. Times and seq rise: deltas are small. */
  sources(names: readonly string[]): ColumnSource[] {
    const sources: ColumnSource[] = [
      { name: 'timestamp', data: this.#timestamps, encoding: 'DELTA_BINARY_PACKED' },
      { name: 'sensor_id', data: this.#sensorIds, encoding: 'RLE_DICTIONARY' },
      { name: 'mode', data: this.#modes, encoding: 'RLE_DICTIONARY' },
      { name: 'value', data: this.#values },
      { name: 'TempC', data: this.#temperatures },
      { name: 'Vin', data: this.#voltages },
      { name: 'seq', data: this.#seqs, encoding: 'DELTA_BINARY_PACKED' },
      { name: 'elapsed_s', data: this.#elapsed, encoding: 'PLAIN' },
      { name: 'sync_id', data: this.#syncIds, encoding: 'PLAIN' },
      { name: 'depth_m', data: this.#depths, encoding: 'PLAIN' },
      { name: 'marker', data: this.#markers, encoding: 'PLAIN' },
      { name: 'time_utc', data: this.#times, encoding: 'DELTA_BINARY_PACKED' },
      { name: 'time_uncertainty_s', data: this.#uncertainties, encoding: 'PLAIN' },
    ];
    return sources.filter(({ name }) => names.includes(name));
  }

  #micros(timestamp: string): number {
    if (timestamp.length !== MICROS_LENGTH) return parseIsoMicros(timestamp);
    const second = timestamp.slice(0, SECOND_LENGTH);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondMicros = Date.parse(`${second}Z`) * 1000;
    }
    return this.#secondMicros + Number(timestamp.slice(SECOND_LENGTH + 1, -1));
  }
}

function numberOrNull(text: string): number | null {
  return text === '' ? null : Number(text);
}
