import { type Instant, parseIsoMicros } from '../../shared/clock.ts';
import { STALE_S } from '../../shared/vehicle.ts';
import type { MessageTime } from './messages.ts';

/** Looks that follow each other more closely than this see when a message is replaced. */
const CLOSE_S = 1.5;
/** Two clocks of one computer agree to this. */
const CLOCKS_S = 0.5;

/** A value with its age in seconds; an age of null: it is not known when it was sent. */
export interface Aged<T> {
  value: T | null;
  age: number | null;
}

/**
 * The newest message of a kind, and when the autopilot sent it. The wall clock may step,
 * so the age runs on the monotonic clock from the moment at which the message was seen to
 * be a new one. What its own time tells is believed only within what was seen.
 */
export class Sighting<T> {
  #key: string | null = null;
  #value: T | null = null;
  #sentAt: number | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;

  look(value: T, time: MessageTime, now: Instant): void {
    const key = `${time.counter} ${time.last_update}`;
    if (key !== this.#key) this.#sentAt = this.#whenSent(time, now);
    this.#key = key;
    this.#value = value;
    this.#lookedAt = now.mono;
  }

  /** There is no such message, or none that can be understood. */
  miss(): void {
    this.#key = null;
    this.#sentAt = null;
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  /** An old value is null, so that nobody takes it for one of now. */
  at(mono: number): Aged<T> {
    if (this.#sentAt === null) return { value: null, age: null };
    const age = Math.max(0, mono - this.#sentAt);
    return { value: age > STALE_S ? null : this.#value, age };
  }

  #whenSent({ last_update = '' }: MessageTime, now: Instant): number | null {
    const sinceLook = now.mono - this.#lookedAt;
    const told = (now.wallMicros - parseIsoMicros(last_update)) / 1e6;
    if (sinceLook <= CLOSE_S) return now.mono - Math.min(Math.max(0, told || 0), sinceLook);
    return told >= -CLOCKS_S && told <= STALE_S ? now.mono - Math.max(0, told) : null;
  }
}
