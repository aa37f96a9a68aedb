import { STALE_S } from '../../shared/vehicle.ts';

/** A value with its age in seconds; an age of null: it was not heard yet. */
export interface Aged<T> {
  /** null where it is not known, or too old to be one of now. */
  value: T | null;
  age: number | null;
}

const NEVER: Aged<never> = { value: null, age: null };

/** The newest value of a kind, which grows old. */
export class Newest<T> {
  #value: T | null = null;
  #sentAt = Number.NEGATIVE_INFINITY;

  /** `sentAt` in monotonic seconds. */
  put(value: T, sentAt: number): void {
    this.#value = value;
    this.#sentAt = sentAt;
  }

  at(mono: number): Aged<T> {
    if (this.#sentAt === Number.NEGATIVE_INFINITY) return NEVER;
    const age = Math.max(0, mono - this.#sentAt);
    return { value: age > STALE_S ? null : this.#value, age };
  }
}
