import type { Flight, Motion } from './motion.ts';

/** Height of the autopilot's origin above mean sea level, in metres: VFR_HUD.alt has it in it. */
const ORIGIN_M = 35;

/** How often the autopilot sends each message, and what stands in it besides its type. */
const MESSAGES: Readonly<Record<string, { hertz: number; fields(at: Motion): object }>> = {
  HEARTBEAT: {
    hertz: 1,
    fields: () => heartbeat('MAV_TYPE_SUBMARINE', 'MAV_AUTOPILOT_ARDUPILOTMEGA'),
  },
  VFR_HUD: {
    hertz: 10,
    fields: ({ depthM, headingDeg }) => ({
      ...{ airspeed: 0, groundspeed: 0.2, climb: 0, throttle: 0 },
      alt: Number((ORIGIN_M - depthM).toFixed(3)),
      heading: Math.round(headingDeg) % 360,
    }),
  },
  GLOBAL_POSITION_INT: {
    hertz: 5,
    fields: ({ depthM, headingDeg, latDeg, lonDeg }) => ({
      ...{ time_boot_ms: 0, vx: 0, vy: 0, vz: 0, relative_alt: Math.round(-1000 * depthM) },
      alt: Math.round(1000 * (ORIGIN_M - depthM)),
      lat: Math.round(latDeg * 1e7),
      lon: Math.round(lonDeg * 1e7),
      hdg: Math.round(headingDeg * 100),
    }),
  },
  SCALED_PRESSURE2: {
    hertz: 5,
    fields: ({ depthM, waterTempC }) => ({
      ...{ time_boot_ms: 0, press_diff: 0, temperature_press_diff: 0 },
      press_abs: 1013.25 + 100.5 * depthM,
      temperature: Math.round(waterTempC * 100),
    }),
  },
};

/** What a program says of itself once a second; a ground station has no autopilot. */
export function heartbeat(mavtype: string, autopilot: string): object {
  return {
    ...{ custom_mode: 19, mavlink_version: 3, base_mode: { bits: 81 } },
    mavtype: { type: mavtype },
    autopilot: { type: autopilot },
    system_status: { type: 'MAV_STATE_STANDBY' },
  };
}

/** An autopilot's newest messages, in the form of mavlink2rest. */
export class SimulatedAutopilot {
  readonly #fly: Flight;

  constructor(fly: Flight) {
    this.#fly = fly;
  }

  /** Names of the messages that it sends. */
  get names(): string[] {
    return Object.keys(MESSAGES);
  }

  /**
   * The newest message of this name at a number of seconds since the start; null where
   * it sends none. `startMs` is the wall clock at the start, in milliseconds since 1970.
   */
  newest(name: string, seconds: number, startMs: number): object | null {
    const message = Object.hasOwn(MESSAGES, name) ? MESSAGES[name] : undefined;
    if (message === undefined) return null;
    const number = Math.floor(seconds * message.hertz);
    const sent = number / message.hertz;
    const time = (at: number) => new Date(startMs + at * 1000).toISOString().replace('Z', '+00:00');
    return {
      message: { type: name, ...message.fields(this.#fly(sent)) },
      status: {
        time: {
          counter: number + 1,
          first_update: time(0),
          frequency: message.hertz,
          last_update: time(sent),
        },
      },
    };
  }
}
