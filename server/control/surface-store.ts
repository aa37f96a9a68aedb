import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Clock, isoMicros, parseIsoMicros } from '../../shared/clock.ts';
import { parseJson } from '../../shared/json.ts';
import { writeDurably } from '../files/durable-file.ts';
import { isMissing, isSystemError } from '../files/storage-error.ts';
import type { Surface } from '../vehicle/surface-pressure.ts';

/** Air pressure of another day is no better than the standard one. */
const KEPT_S = 24 * 3600;

const kept = z.object({
  hpa: z.number(),
  source: z.enum(['set', 'found']),
  timestamp: z.iso.datetime(),
});

/** Keeps the pressure at the surface over a restart in mid-dive, where it could not be found again. */
export class SurfaceStore {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #warn: (detail: string, error: unknown) => void;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, clock: Clock, warn: (detail: string, error: unknown) => void) {
    this.#path = path;
    this.#clock = clock;
    this.#warn = warn;
  }

  /** null where none is kept, or none of today. */
  async read(): Promise<Surface | null> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (!isSystemError(error)) throw error;
      if (!isMissing(error)) this.#warn(CANT_READ, error);
      return '';
    });
    const { success, data } = kept.safeParse(parseJson(text));
    if (!success) return null;
    const ageS = (this.#clock.now().wallMicros - parseIsoMicros(data.timestamp)) / 1e6;
    return Math.abs(ageS) < KEPT_S ? { hpa: data.hpa, source: data.source } : null;
  }

  /** In the background; a disk that refuses is told. */
  write({ hpa, source }: Surface): void {
    const timestamp = isoMicros(this.#clock.now().wallMicros);
    const text = `${JSON.stringify({ hpa, source, timestamp })}\n`;
    this.#writing = this.#writing
      .then(() => writeDurably(this.#path, text))
      .catch((error: unknown) => {
        if (!isSystemError(error)) throw error;
        this.#warn(CANT_WRITE, error);
      });
  }
}

const CANT_READ = 'The surface pressure of the last run can’t be read: it is looked for anew.';
const CANT_WRITE =
  'The surface pressure can’t be written: a restart in mid-dive would not know it.';
