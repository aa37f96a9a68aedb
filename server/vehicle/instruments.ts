import { isoMicros } from '../../shared/clock.ts';
import type { VehicleValues } from '../../shared/vehicle.ts';
import { type DepthSettings, depthOf } from './depth.ts';
import { type Fields, type Heard, isArmed, MESSAGES, type MessageName } from './messages.ts';
import { type Aged, Newest } from './newest.ts';
import { type Surface, SurfacePressure } from './surface-pressure.ts';

/** The autopilot's lamps, as ArduSub names their values. */
const LAMP = /^Lights\d+$/;
/** A thermometer alone says that the pressure is 0. */
const NO_PRESSURE_HPA = 1;
/** Up to these a fix is none. */
const NO_FIX = ['GPS_FIX_TYPE_NO_GPS', 'GPS_FIX_TYPE_NO_FIX'];
const FIXES = [...NO_FIX, 'GPS_FIX_TYPE_2D_FIX', 'GPS_FIX_TYPE_3D_FIX', 'GPS_FIX_TYPE_DGPS'];
const BETTER_FIXES = ['GPS_FIX_TYPE_RTK_FLOAT', 'GPS_FIX_TYPE_RTK_FIXED', 'GPS_FIX_TYPE_STATIC'];
const FIX_NUMBERS = [...FIXES, ...BETTER_FIXES, 'GPS_FIX_TYPE_PPP'];
const UNKNOWN_EPH = 65535;
const UNKNOWN_SATELLITES = 255;
/** An autopilot without GPS counts from 1970. */
const CLOCK_SET_MICROS = 1e15;
/** A pressure that a vehicle has comes within this time. */
const SETTLED_S = 2;
const DEGREES = 180 / Math.PI;

/** What the vehicle's instruments show, from the newest messages of its autopilot. */
export class Instruments {
  readonly #settings: () => DepthSettings;
  readonly #surface: SurfacePressure;
  readonly #seen = new Map<MessageName, Newest<unknown>>();
  readonly #lamps = new Map<string, Newest<number>>();
  readonly #unclear = new Set<MessageName>();
  /** When the first message was sent. */
  #since = Number.POSITIVE_INFINITY;

  constructor(settings: () => DepthSettings, surface = new SurfacePressure()) {
    this.#settings = settings;
    this.#surface = surface;
  }

  get surface(): SurfacePressure {
    return this.#surface;
  }

  /** Messages whose newest was in another form than it should be. */
  get unclear(): MessageName[] {
    return [...this.#unclear];
  }

  /** Takes a message. Says what became better known of the surface, if anything. */
  take({ name, fields, sentAt }: Heard): Surface | null {
    const parsed = MESSAGES[name].safeParse(fields);
    if (!parsed.success) {
      this.#unclear.add(name);
      return null;
    }
    this.#unclear.delete(name);
    this.#since = Math.min(this.#since, sentAt);
    if (name === 'NAMED_VALUE_FLOAT') this.#lamp(parsed.data as Fields<typeof name>, sentAt);
    else (this.#of(name) as Newest<unknown>).put(parsed.data, sentAt);
    return name.startsWith('SCALED_PRESSURE') ? this.#hearPressure(sentAt) : null;
  }

  /** As they are at this moment of the monotonic clock. */
  values(mono: number): VehicleValues {
    return {
      ...this.#depth(mono),
      ...this.#position(mono),
      ...this.#attitude(mono),
      ...this.#track(mono),
      ...this.#light(mono),
      ...this.#state(mono),
    };
  }

  #of<Name extends MessageName>(name: Name): Newest<Fields<Name>> {
    const known = this.#seen.get(name) ?? new Newest<unknown>();
    this.#seen.set(name, known);
    return known as Newest<Fields<Name>>;
  }

  #lamp({ name, value }: Fields<'NAMED_VALUE_FLOAT'>, sentAt: number): void {
    if (!LAMP.test(name) || value === null) return;
    const lamp = this.#lamps.get(name) ?? new Newest<number>();
    lamp.put(value, sentAt);
    this.#lamps.set(name, lamp);
  }

  #hearPressure(mono: number): Surface | null {
    const { value } = this.#pressure(mono);
    if (value === null) return null;
    const armed = from(this.#of('HEARTBEAT').at(mono), ({ base_mode }) => isArmed(base_mode)).value;
    const relativeAltM = this.#relativeAlt(mono).value;
    const isBetter = this.#surface.hear(value.press_abs, mono, {
      ...{ armed, relativeAltM },
      waterDensity: this.#settings().water_density_kg_m3,
    });
    return isBetter ? this.#surface.now : null;
  }

  /** Of the sensor outside the hull; SCALED_PRESSURE is that of the air inside. */
  #pressure(mono: number): Aged<Fields<'SCALED_PRESSURE2'>> {
    const outside = this.#of('SCALED_PRESSURE2').at(mono);
    const other = this.#of('SCALED_PRESSURE3').at(mono);
    const isReal = other.value !== null && other.value.press_abs >= NO_PRESSURE_HPA;
    return outside.value === null && isReal ? other : outside;
  }

  #relativeAlt(mono: number): Aged<number> {
    return from(this.#of('GLOBAL_POSITION_INT').at(mono), (at) => at.relative_alt / 1000);
  }

  #depth(mono: number) {
    const pressure = this.#pressure(mono);
    const pressHpa = from(pressure, ({ press_abs }) => press_abs);
    const relativeAltM = this.#relativeAlt(mono);
    const altMslM = from(this.#of('VFR_HUD').at(mono), ({ alt }) => alt);
    const surfaceHpa = this.#surface.now.hpa;
    const isSettled = mono - this.#since >= SETTLED_S;
    const inputs = { pressHpa, relativeAltM, altMslM, isSettled };
    const depth = depthOf(inputs, surfaceHpa, this.#settings());
    return {
      depth_m: rounded(depth.depthM, 3),
      depth_age_s: rounded(depth.ageS, 3),
      depth_source: depth.source,
      press_abs_hpa: rounded(pressHpa.value, 3),
      pressure_age_s: rounded(pressure.age, 3),
      surface_press_hpa: pressure.age === null ? null : rounded(surfaceHpa, 3),
      relative_alt_m: relativeAltM.value,
      alt_msl_m: rounded(altMslM.value, 3),
      water_temperature_c: from(pressure, ({ temperature }) => temperature / 100).value,
      water_temperature_age_s: rounded(pressure.age, 3),
    };
  }

  #position(mono: number) {
    const position = this.#of('GLOBAL_POSITION_INT').at(mono);
    const gps = this.#of('GPS_RAW_INT').at(mono);
    const fix = position.value !== null && isFix(position.value) ? position.value : null;
    const source = this.#of('GPS_INPUT').at(mono).value !== null ? 'GPS_INPUT' : gpsSource(gps);
    return {
      latitude_deg: fix && fix.lat / 1e7,
      longitude_deg: fix && fix.lon / 1e7,
      position_age_s: rounded(position.age, 3),
      position_source: fix && source,
      ...gpsQuality(gps.value),
      gps_age_s: rounded(gps.age, 3),
    } as const;
  }

  #attitude(mono: number) {
    const hud = this.#of('VFR_HUD').at(mono);
    const { value, age } = this.#of('ATTITUDE').at(mono);
    const degrees = (radians: number | null | undefined) =>
      rounded(radians == null ? null : radians * DEGREES, 2);
    return {
      heading_deg: heading(hud.value?.heading ?? null),
      heading_age_s: rounded(hud.age, 3),
      roll_deg: degrees(value?.roll),
      pitch_deg: degrees(value?.pitch),
      yaw_deg: degrees(value?.yaw),
      attitude_age_s: rounded(age, 3),
    };
  }

  #track(mono: number) {
    const local = this.#of('LOCAL_POSITION_NED').at(mono);
    const sonar = from(this.#of('DISTANCE_SENSOR').at(mono), (at) => at.current_distance / 100);
    const finder = from(this.#of('RANGEFINDER').at(mono), ({ distance }) => distance);
    const ground = sonar.age === null ? finder : sonar;
    return {
      x_m: rounded(local.value?.x ?? null, 3),
      y_m: rounded(local.value?.y ?? null, 3),
      z_m: rounded(local.value?.z ?? null, 3),
      local_age_s: rounded(local.age, 3),
      altitude_m: rounded(ground.value, 3),
      altitude_age_s: rounded(ground.age, 3),
    };
  }

  #light(mono: number) {
    const lamps = [...this.#lamps].map(([name, lamp]) => ({ name, ...lamp.at(mono) }));
    const known = lamps.flatMap(({ name, value }) => (value === null ? [] : [[name, value]]));
    const ages = lamps.flatMap(({ age }) => (age === null ? [] : [age]));
    return {
      lamps: known.length === 0 ? null : (Object.fromEntries(known) as Record<string, number>),
      lamps_age_s: ages.length === 0 ? null : rounded(Math.max(...ages), 3),
    };
  }

  #state(mono: number) {
    const utc = this.#of('SYSTEM_TIME').at(mono);
    const beat = this.#of('HEARTBEAT').at(mono);
    const micros = utc.value?.time_unix_usec ?? 0;
    return {
      autopilot_utc: micros > CLOCK_SET_MICROS ? isoMicros(micros) : null,
      autopilot_utc_age_s: rounded(utc.age, 3),
      armed: beat.value && isArmed(beat.value.base_mode),
      armed_age_s: rounded(beat.age, 3),
    };
  }
}

function from<T, V>({ value, age }: Aged<T>, take: (value: T) => V | null): Aged<V> {
  return { value: value === null ? null : take(value), age };
}

/** More digits would say more than is known; no zero is a negative one. */
function rounded(value: number | null, decimals: number): number | null {
  return value === null ? null : Math.round(value * 10 ** decimals) / 10 ** decimals + 0;
}

function heading(degrees: number | null): number | null {
  return degrees !== null && degrees >= 0 && degrees <= 360 ? degrees : null;
}

/** The autopilot says 0, 0 as long as it has no fix. */
function isFix({ lat, lon }: Fields<'GLOBAL_POSITION_INT'>): boolean {
  return (lat !== 0 || lon !== 0) && Math.abs(lat) <= 90e7 && Math.abs(lon) <= 180e7;
}

function gpsSource({ value }: Aged<Fields<'GPS_RAW_INT'>>): 'GPS' | 'EKF' {
  return value !== null && !NO_FIX.includes(value.fix_type.type) ? 'GPS' : 'EKF';
}

function gpsQuality(gps: Fields<'GPS_RAW_INT'> | null) {
  if (gps === null) return { fix_type: null, satellites: null, eph: null, alt_gps_m: null };
  const { fix_type, satellites_visible, eph, alt } = gps;
  const number = FIX_NUMBERS.indexOf(fix_type.type);
  return {
    fix_type: number < 0 ? null : number,
    satellites: satellites_visible === UNKNOWN_SATELLITES ? null : satellites_visible,
    eph: eph === UNKNOWN_EPH ? null : eph / 100,
    alt_gps_m: NO_FIX.includes(fix_type.type) ? null : alt / 1000,
  };
}
