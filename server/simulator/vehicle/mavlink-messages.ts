import type { Flight, Motion } from './motion.ts';

/** What is around the vehicle, and what its autopilot makes of it; each can be set to a fault. */
export interface World {
  /** Air pressure at the surface. */
  surfaceHpa: number;
  waterDensity: number;
  /** Height of the autopilot's origin above mean sea level: VFR_HUD.alt has it in it. */
  originM: number;
  /** Height above mean sea level by GPS. */
  gpsAltM: number;
  /** Without home the height above it is 0 for ever. */
  hasHome: boolean;
  /** Metres that one pressure in a hundred is off. */
  spikeM: number;
  /** The autopilot's clock against this computer's; null: it has no time. */
  clockOffsetS: number | null;
  armed: boolean;
}

export const FAIR: World = {
  ...{ surfaceHpa: 1013.25, waterDensity: 1025, originM: 35, gpsAltM: 0, hasHome: true },
  ...{ spikeM: 0, clockOffsetS: 0, armed: true },
};

interface Moment extends Motion {
  world: World;
  /** Of the message among those of its kind. */
  number: number;
  /** Wall clock of this computer, milliseconds since 1970. */
  wallMs: number;
}

const GRAVITY = 9.80665;
const SPIKES_APART = 100;
const ARMED_BITS = 209;
const DISARMED_BITS = 81;
const RADIANS = Math.PI / 180;

/** How often the autopilot sends each message, and what stands in it besides its type. */
const MESSAGES: Readonly<Record<string, { hertz: number; fields(at: Moment): object }>> = {
  HEARTBEAT: {
    hertz: 1,
    fields: ({ world }) =>
      heartbeat('MAV_TYPE_SUBMARINE', 'MAV_AUTOPILOT_ARDUPILOTMEGA', world.armed),
  },
  VFR_HUD: {
    hertz: 10,
    fields: ({ depthM, headingDeg, world }) => ({
      ...{ airspeed: 0, groundspeed: 0.2, climb: 0, throttle: 0 },
      alt: Number((world.originM - depthM).toFixed(3)),
      heading: Math.round(headingDeg) % 360,
    }),
  },
  GLOBAL_POSITION_INT: {
    hertz: 5,
    fields: ({ depthM, headingDeg, latDeg, lonDeg, world }) => ({
      ...{ time_boot_ms: 0, vx: 0, vy: 0, vz: 0 },
      relative_alt: world.hasHome ? Math.round(-1000 * depthM) : 0,
      alt: Math.round(1000 * (world.originM - depthM)),
      lat: Math.round(latDeg * 1e7),
      lon: Math.round(lonDeg * 1e7),
      hdg: Math.round(headingDeg * 100),
    }),
  },
  GPS_RAW_INT: {
    hertz: 2,
    fields: ({ latDeg, lonDeg, world }) => ({
      ...{ time_usec: 0, epv: 65535, vel: 0, cog: 0, eph: 121, satellites_visible: 9 },
      fix_type: { type: latDeg === 0 ? 'GPS_FIX_TYPE_NO_FIX' : 'GPS_FIX_TYPE_3D_FIX' },
      alt: Math.round(1000 * world.gpsAltM),
      lat: Math.round(latDeg * 1e7),
      lon: Math.round(lonDeg * 1e7),
    }),
  },
  ATTITUDE: {
    hertz: 10,
    fields: ({ headingDeg, rollDeg = 0, pitchDeg = 0 }) => ({
      ...{ time_boot_ms: 0, rollspeed: 0, pitchspeed: 0, yawspeed: 0 },
      roll: rollDeg * RADIANS,
      pitch: pitchDeg * RADIANS,
      yaw: (headingDeg > 180 ? headingDeg - 360 : headingDeg) * RADIANS,
    }),
  },
  SCALED_PRESSURE2: {
    hertz: 5,
    fields: ({ depthM, waterTempC, world, number }) => {
      const spike = number % SPIKES_APART === SPIKES_APART - 1 ? world.spikeM : 0;
      const pascals = (depthM + spike) * world.waterDensity * GRAVITY;
      return {
        ...{ time_boot_ms: 0, press_diff: 0, temperature_press_diff: 0 },
        press_abs: world.surfaceHpa + pascals / 100,
        temperature: Math.round(waterTempC * 100),
      };
    },
  },
  NAMED_VALUE_FLOAT: {
    hertz: 2,
    fields: ({ lamps = 0 }) => ({
      ...{ time_boot_ms: 0, value: lamps },
      name: [...'Lights1'.padEnd(10, '\0')],
    }),
  },
  SYSTEM_TIME: {
    hertz: 1,
    fields: ({ wallMs, world }) => ({
      time_boot_ms: 0,
      time_unix_usec: world.clockOffsetS === null ? 0 : (wallMs + world.clockOffsetS * 1000) * 1000,
    }),
  },
};

/** What a program says of itself once a second; a ground station has no autopilot. */
export function heartbeat(mavtype: string, autopilot: string, armed = false): object {
  return {
    ...{ custom_mode: 19, mavlink_version: 3 },
    base_mode: { bits: armed ? ARMED_BITS : DISARMED_BITS },
    mavtype: { type: mavtype },
    autopilot: { type: autopilot },
    system_status: { type: 'MAV_STATE_STANDBY' },
  };
}

/** An autopilot's newest messages, in the form of mavlink2rest. */
export class SimulatedAutopilot {
  readonly #fly: Flight;
  readonly world: World;

  constructor(fly: Flight, world: World) {
    this.#fly = fly;
    this.world = world;
  }

  /** Names of the messages that it sends. */
  get names(): string[] {
    return Object.keys(MESSAGES);
  }

  /** How many of this name it has sent after so many seconds, the first at 0. */
  count(name: string, seconds: number): number {
    return Math.floor(seconds * (MESSAGES[name]?.hertz ?? 0)) + 1;
  }

  /**
   * The newest message of this name at a number of seconds since the start; null where
   * it sends none. `startMs` is the wall clock at the start, in milliseconds since 1970.
   */
  newest(name: string, seconds: number, startMs: number): object | null {
    const message = Object.hasOwn(MESSAGES, name) ? MESSAGES[name] : undefined;
    if (message === undefined) return null;
    const number = this.count(name, seconds) - 1;
    const sent = number / message.hertz;
    const wallMs = startMs + sent * 1000;
    const fields = message.fields({ ...this.#fly(sent), world: this.world, number, wallMs });
    const time = (at: number) => new Date(startMs + at * 1000).toISOString().replace('Z', '+00:00');
    return {
      message: { type: name, ...fields },
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
