import { z } from 'zod';
import { type Clock, isoMicros, parseIsoMicros } from '../../shared/clock.ts';
import { KeptValue, type Warn } from '../files/kept-value.ts';
import type { Surface } from '../vehicle/surface-pressure.ts';

/** Air pressure of another day is no better than the standard one. */
const KEPT_S = 24 * 3600;

const kept = z.object({
  hpa: z.number(),
  source: z.enum(['set', 'found']),
  timestamp: z.iso.datetime(),
});

const WORDS = {
  cantRead: 'The surface pressure of the last run can’t be read: it is looked for anew.',
  cantWrite: 'The surface pressure can’t be written: a restart in mid-dive would not know it.',
};

/** Keeps the pressure at the surface over a restart in mid-dive, where it could not be found again. */
export class SurfaceStore {
  readonly #file: KeptValue<z.infer<typeof kept>>;
  readonly #clock: Clock;

  constructor(path: string, clock: Clock, warn: Warn) {
    this.#file = new KeptValue(path, kept, WORDS, warn);
    this.#clock = clock;
  }

  /** null where none is kept, or none of today. */
  async read(): Promise<Surface | null> {
    const surface = await this.#file.read();
    if (surface === null) return null;
    const ageS = (this.#clock.now().wallMicros - parseIsoMicros(surface.timestamp)) / 1e6;
    return Math.abs(ageS) < KEPT_S ? { hpa: surface.hpa, source: surface.source } : null;
  }

  write({ hpa, source }: Surface): void {
    if (source === 'standard') return;
    this.#file.write({ hpa, source, timestamp: isoMicros(this.#clock.now().wallMicros) });
  }
}
