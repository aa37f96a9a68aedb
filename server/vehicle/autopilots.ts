import { z } from 'zod';
import { parseIsoMicros } from '../../shared/clock.ts';
import { type Heard, MESSAGES } from './messages.ts';

/** Component of an autopilot in its system. */
export const AUTOPILOT = 1;
const NO_AUTOPILOT = 'MAV_AUTOPILOT_INVALID';
/** Of two autopilots, one so far behind the other is gone. */
const GONE_S = 10;

const told = z.object({
  message: z.unknown(),
  status: z.object({ time: z.object({ last_update: z.string() }) }),
});

const vehicles = z.record(
  z.string().regex(/^\d{1,3}$/),
  z.object({
    components: z.record(z.string(), z.object({ messages: z.record(z.string(), z.unknown()) })),
  }),
);

/**
 * System ids of the autopilots that are heard, in order, from the answer to
 * `GET .../mavlink/vehicles`; null where that can't be understood. Ground stations
 * and companion computers send heartbeats too, but have no autopilot.
 */
export function autopilots(answer: unknown): number[] | null {
  const parsed = vehicles.safeParse(answer);
  if (!parsed.success) return null;
  const heard = Object.entries(parsed.data).flatMap(([id, { components }]) => {
    const beat = told.safeParse(components[AUTOPILOT]?.messages['HEARTBEAT']);
    if (!beat.success || !isAutopilot(beat.data.message)) return [];
    const micros = parseIsoMicros(beat.data.status.time.last_update);
    return [{ id: Number(id), seconds: Number.isFinite(micros) ? micros / 1e6 : 0 }];
  });
  const newest = Math.max(...heard.map(({ seconds }) => seconds));
  const alive = heard.filter(({ seconds }) => newest - seconds <= GONE_S);
  return alive.map(({ id }) => id).sort((a, b) => a - b);
}

/** The autopilots whose heartbeats are listened to. */
export class HeardAutopilots {
  readonly #beats = new Map<number, number>();

  hear({ system, component, name, fields, sentAt }: Heard): void {
    if (name !== 'HEARTBEAT' || component !== AUTOPILOT || !isAutopilot(fields)) return;
    this.#beats.set(system, sentAt);
  }

  /** Their system ids, in order. */
  at(mono: number): number[] {
    const alive = [...this.#beats].filter(([, sentAt]) => mono - sentAt <= GONE_S);
    return alive.map(([system]) => system).sort((a, b) => a - b);
  }
}

function isAutopilot(heartbeat: unknown): boolean {
  const { success, data } = MESSAGES.HEARTBEAT.safeParse(heartbeat);
  return success && data.autopilot.type !== NO_AUTOPILOT;
}

/** The vehicle's system id, or in words why it can't be said. */
export type Choice = { system: number } | { problem: string };

/** Which of the autopilots that are heard is our vehicle. `wanted`: as set, null where not. */
export function chooseVehicle(heard: readonly number[], wanted: number | null): Choice {
  const ids = heard.join(', ');
  const set = 'Set the vehicle’s system id under System, Vehicle data.';
  if (wanted !== null) {
    if (heard.includes(wanted)) return { system: wanted };
    const there = heard.length > 0 ? `There are: ${ids}. ${set}` : 'There is none at all.';
    return { problem: `No autopilot with system id ${wanted} is heard. ${there}` };
  }
  const [only, ...others] = heard;
  if (only === undefined) {
    return { problem: 'mavlink2rest hears no autopilot: is one connected, and running?' };
  }
  if (others.length > 0) return { problem: `More than one autopilot is heard: ${ids}. ${set}` };
  return { system: only };
}
