import type { Note } from '../../shared/events.ts';
import type { Reading } from '../../shared/reading.ts';
import type { HeldUp } from './device.ts';
import type { Rejection } from './line.ts';
import { Rejections } from './rejections.ts';
import type { GapNote } from './supervisor.ts';

/**
 * Tells where readings are missing, and why: what begins a gap, the reading that ends
 * it with the gap's length, and the lines that were left out.
 */
export class Gaps {
  readonly #event: (note: Note) => void;
  readonly #expectedRateHz: () => number;
  readonly #rejections: Rejections;
  #lastReading: Reading | null = null;
  #open = false;

  constructor(event: (note: Note) => void, expectedRateHz: () => number) {
    this.#event = event;
    this.#expectedRateHz = expectedRateHz;
    this.#rejections = new Rejections(({ reasons, example }) =>
      event({
        kind: 'lines_rejected',
        detail: 'Lines that were no readings were left out.',
        ...{ reasons, example },
      }),
    );
  }

  begin(note: GapNote): void {
    this.#open = true;
    this.#event(note);
  }

  /** Lines that waited are no gap, but their times are less exact. */
  heldUp({ seconds, lines, isFull, uncertaintyS }: HeldUp): void {
    const lost = isFull ? ' More than the system keeps was sent: readings are missing.' : '';
    this.#event({
      kind: 'process_held_up',
      detail: `The recorder was held up for ${seconds.toFixed(1)} s; ${lines} lines waited.${lost}`,
      ...{ held_up_s: rounded(seconds), waiting_lines: lines },
      ...{ missing_readings: isFull ? null : 0, uncertainty_s: rounded(uncertaintyS) },
    });
  }

  reading(reading: Reading): void {
    if (this.#open) this.#end(reading);
    this.#lastReading = reading;
  }

  rejected(reason: Rejection, line: string): void {
    this.#rejections.add(reason, line);
  }

  /** Tells at once of the lines that were left out: a session that ends must hold them. */
  flush(): void {
    this.#rejections.flush();
  }

  #end(reading: Reading): void {
    this.#open = false;
    const before = this.#lastReading;
    const gap = before ? reading.mono - before.mono : null;
    const detail = `Readings go on${gap === null ? '' : ` after ${gap.toFixed(2)} s`}.`;
    const missing = gap === null ? null : Math.max(0, Math.round(gap * this.#expectedRateHz()) - 1);
    this.#event({
      kind: 'readings_resumed',
      detail,
      ...{ gap_s: gap, missing_readings: missing },
    });
  }
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
