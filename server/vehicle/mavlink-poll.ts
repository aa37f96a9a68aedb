import { z } from 'zod';
import type { Clock } from '../../shared/clock.ts';
import { AUTOPILOT } from './autopilots.ts';
import type { Mavlink2Rest } from './mavlink2rest.ts';
import { type Heard, isListenedTo, type MessageName } from './messages.ts';
import { Sighting } from './sighting.ts';

/** When mavlink2rest got the message; both change with each one. */
const time = z
  .object({ counter: z.number().optional(), last_update: z.string().optional() })
  .refine(({ counter, last_update }) => counter !== undefined || last_update !== undefined);
export type MessageTime = z.infer<typeof time>;

const newest = z.record(
  z.string(),
  z.object({ message: z.unknown(), status: z.object({ time }) }).catch({
    message: null,
    status: { time: { counter: 0 } },
  }),
);

/** Asks mavlink2rest for an autopilot's newest messages, where it can't be listened to. */
export class MavlinkPoll {
  readonly #clock: Clock;
  readonly #rest: Mavlink2Rest;
  readonly #hear: (heard: Heard[]) => void;
  readonly #seen = new Map<MessageName, Sighting>();
  #system: number | null = null;

  constructor(rest: Mavlink2Rest, clock: Clock, hear: (heard: Heard[]) => void) {
    this.#rest = rest;
    this.#clock = clock;
    this.#hear = hear;
  }

  /** Tells what is new. False: the answer can't be understood. */
  async ask(system: number): Promise<boolean> {
    if (system !== this.#system) this.#seen.clear();
    this.#system = system;
    const answer = await this.#rest.newest(system);
    if (answer === null) return true;
    const parsed = newest.safeParse(answer);
    if (!parsed.success) return false;
    const fresh = Object.entries(parsed.data).flatMap(([name, { message, status }]) =>
      isListenedTo(name) ? this.#look(system, name, message, status.time) : [],
    );
    if (fresh.length > 0) this.#hear(fresh);
    return true;
  }

  #look(system: number, name: MessageName, fields: unknown, stamp: MessageTime): Heard[] {
    const seen = this.#seen.get(name) ?? new Sighting();
    this.#seen.set(name, seen);
    const sentAt = seen.look(stamp, this.#clock.now());
    return sentAt === null ? [] : [{ system, component: AUTOPILOT, name, fields, sentAt }];
  }
}
