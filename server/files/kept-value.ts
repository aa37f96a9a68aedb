import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { parseJson } from '../../shared/json.ts';
import { writeDurably } from './durable-file.ts';
import { isMissing, isSystemError } from './storage-error.ts';

/** Told where the disk refuses. */
export type Warn = (detail: string, error: unknown) => void;

export interface KeptWords {
  cantRead: string;
  cantWrite: string;
}

/** A small thing in a file of its own that outlives a restart. What the disk refuses is told, and nobody waits. */
export class KeptValue<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  readonly #words: KeptWords;
  readonly #warn: Warn;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, schema: z.ZodType<T>, words: KeptWords, warn: Warn) {
    this.#path = path;
    this.#schema = schema;
    this.#words = words;
    this.#warn = warn;
  }

  /** null where nothing is kept, or nothing that can be read. */
  async read(): Promise<T | null> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (!isSystemError(error)) throw error;
      if (!isMissing(error)) this.#warn(this.#words.cantRead, error);
      return '';
    });
    const { success, data } = this.#schema.safeParse(parseJson(text));
    return success ? data : null;
  }

  /** In the background, in the order of the calls. */
  write(value: T): void {
    this.#writing = this.#writing
      .then(() => writeDurably(this.#path, `${JSON.stringify(value)}\n`))
      .catch((error: unknown) => {
        if (!isSystemError(error)) throw error;
        this.#warn(this.#words.cantWrite, error);
      });
  }
}
