import { type Instant, parseIsoMicros } from '../../shared/clock.ts';
import { STALE_S } from '../../shared/vehicle.ts';
import type { MessageTime } from './mavlink-poll.ts';

/** Looks that follow each other more closely than this see when a message is replaced. */
const CLOSE_S = 1.5;
/** Two clocks of one computer agree to this. */
const CLOCKS_S = 0.5;

/**
 * Tells of the newest message of a kind, looked at again and again, whether it is a new one,
 * and when the autopilot sent it. The wall clock may step, so this moment is one of the
 * monotonic clock. What the message's own time tells is believed only within what was seen.
 */
export class Sighting {
  #key: string | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** Monotonic seconds at which it was sent; null: it was seen before, or that is not known. */
  look(time: MessageTime, now: Instant): number | null {
    const key = `${time.counter} ${time.last_update}`;
    const sentAt = key === this.#key ? null : this.#whenSent(time, now);
    this.#key = key;
    this.#lookedAt = now.mono;
    return sentAt;
  }

  #whenSent({ last_update = '' }: MessageTime, now: Instant): number | null {
    const sinceLook = now.mono - this.#lookedAt;
    const told = (now.wallMicros - parseIsoMicros(last_update)) / 1e6;
    if (sinceLook <= CLOSE_S) return now.mono - Math.min(Math.max(0, told || 0), sinceLook);
    return told >= -CLOCKS_S && told <= STALE_S ? now.mono - Math.max(0, told) : null;
  }
}
