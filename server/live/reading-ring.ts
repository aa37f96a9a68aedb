import type { AcquisitionMode, Reading } from '../../shared/reading.ts';
import { rowPrefix } from '../../shared/row.ts';
import { DigitColumn } from './digit-column.ts';

interface Source {
  sensorId: string;
  mode: AcquisitionMode;
}

/**
 * The newest readings in columns of numbers, 39 bytes each: it stays as large
 * as it was made, and a full one makes no work for the garbage collector.
 * Position 0 is the oldest reading held.
 */
export class ReadingRing implements Iterable<Reading> {
  readonly #capacity: number;
  readonly #micros: Float64Array;
  readonly #mono: Float64Array;
  readonly #source: Uint32Array;
  readonly #value: DigitColumn;
  readonly #temperature: DigitColumn;
  readonly #voltage: DigitColumn;
  /** Every sensor and mode that was seen: one or two in practice. */
  readonly #sources: Source[] = [];
  #pushed = 0;

  constructor(capacity: number) {
    this.#capacity = Math.max(1, capacity);
    this.#micros = new Float64Array(this.#capacity);
    this.#mono = new Float64Array(this.#capacity);
    this.#source = new Uint32Array(this.#capacity);
    this.#value = new DigitColumn(new Float64Array(this.#capacity));
    this.#temperature = new DigitColumn(new Float32Array(this.#capacity));
    this.#voltage = new DigitColumn(new Float32Array(this.#capacity));
  }

  get size(): number {
    return Math.min(this.#pushed, this.#capacity);
  }

  push(reading: Reading): void {
    const slot = this.#pushed % this.#capacity;
    this.#micros[slot] = reading.wallMicros;
    this.#mono[slot] = reading.mono;
    this.#source[slot] = this.#sourceIndex(reading);
    this.#value.set(slot, reading.value);
    this.#temperature.set(slot, reading.temperature);
    this.#voltage.set(slot, reading.voltage);
    this.#pushed += 1;
  }

  /** The reading at a position, or null beyond the newest. */
  at(position: number): Reading | null {
    if (position < 0 || position >= this.size) return null;
    const slot = this.#slot(position);
    const source = this.#sources[this.#source[slot] ?? 0];
    const value = this.#value.get(slot);
    if (source === undefined || value === null) return null;
    return {
      wallMicros: this.#micros[slot] ?? 0,
      mono: this.#mono[slot] ?? 0,
      sensorId: source.sensorId,
      mode: source.mode,
      value,
      temperature: this.#temperature.get(slot),
      voltage: this.#voltage.get(slot),
    };
  }

  newest(): Reading | null {
    return this.at(this.size - 1);
  }

  /** Monotonic seconds of the reading at a position; NaN where there is none. */
  monoAt(position: number): number {
    if (position < 0 || position >= this.size) return Number.NaN;
    return this.#mono[this.#slot(position)] ?? Number.NaN;
  }

  /** Position of the first reading that is not older than `mono`; `size` if all are. */
  since(mono: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.monoAt(middle) < mono) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  *[Symbol.iterator](): Iterator<Reading> {
    for (let position = 0; position < this.size; position += 1) {
      const reading = this.at(position);
      if (reading !== null) yield reading;
    }
  }

  /** The readings as rows of JSON, oldest first. */
  *rows(): Generator<string> {
    for (const reading of this) yield `${rowPrefix(reading)}}`;
  }

  /** A copy from a position on, for who reads on while readings come in. */
  copy(from = 0): ReadingRing {
    const copy = new ReadingRing(this.size - from);
    copy.#sources.push(...this.#sources);
    for (let position = from; position < this.size; position += 1) copy.#take(this, position);
    return copy;
  }

  #take(from: ReadingRing, position: number): void {
    const slot = this.#pushed % this.#capacity;
    const fromSlot = from.#slot(position);
    this.#micros[slot] = from.#micros[fromSlot] ?? 0;
    this.#mono[slot] = from.#mono[fromSlot] ?? 0;
    this.#source[slot] = from.#source[fromSlot] ?? 0;
    this.#value.copy(slot, from.#value, fromSlot);
    this.#temperature.copy(slot, from.#temperature, fromSlot);
    this.#voltage.copy(slot, from.#voltage, fromSlot);
    this.#pushed += 1;
  }

  #slot(position: number): number {
    return (this.#pushed - this.size + position) % this.#capacity;
  }

  #sourceIndex({ sensorId, mode }: Reading): number {
    const known = this.#sources.findIndex(
      (source) => source.sensorId === sensorId && source.mode === mode,
    );
    return known >= 0 ? known : this.#sources.push({ sensorId, mode }) - 1;
  }
}
