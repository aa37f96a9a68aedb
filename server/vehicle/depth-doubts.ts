import type { DEPTH_DOUBTS, VehicleValues } from '../../shared/vehicle.ts';
import { STANDARD_HPA } from './surface-pressure.ts';

/** Two sources of depth may differ by so much, in metres. */
const AGREE_M = 1;
const AGREE_AGAIN_M = 0.7;
/** So far above the surface no vehicle is. */
const ABOVE_M = -1;
/** In this time a vehicle whose pressure moves by so much has moved in height too. */
const STILL_S = 60;
const STILL_M = 0.01;
const MOVED_HPA = 20;
/** What lasts shorter is a spike, and no reason to say anything. */
const LASTS_S = 3;
/** The weather is never further from the standard atmosphere. */
const WEATHER_HPA = 40;
const FIX_3D = 3;

/** Something about the depth that can't be true. */
export interface Doubt {
  kind: (typeof DEPTH_DOUBTS)[number];
  /** In words. */
  detail: string;
}

interface Sample {
  mono: number;
  pressHpa: number;
  altM: number;
}

/** Compares what the vehicle's instruments say of its depth, and tells what can't be true. */
export class DepthDoubts {
  readonly #since = new Map<Doubt['kind'], number>();
  #standing: Doubt[] = [];
  #minute: Sample[] = [];

  /** Takes the values of a monotonic moment. Says which doubts are new. */
  look(values: VehicleValues, mono: number): Doubt[] {
    this.#remember(values, mono);
    const found = [
      differ(values, this.#has('sources_differ')),
      above(values),
      this.#still(mono),
      doubtfulSurface(values),
      withoutPressure(values),
    ].filter((doubt) => doubt !== null);
    const lasting = found.filter(({ kind }) => this.#lasts(kind, mono));
    for (const kind of this.#since.keys()) {
      if (!found.some((doubt) => doubt.kind === kind)) this.#since.delete(kind);
    }
    const fresh = lasting.filter(({ kind }) => !this.#has(kind));
    this.#standing = lasting;
    return fresh;
  }

  /** Those that there are now. */
  get standing(): readonly Doubt[] {
    return this.#standing;
  }

  #has(kind: Doubt['kind']): boolean {
    return this.#standing.some((doubt) => doubt.kind === kind);
  }

  #lasts(kind: Doubt['kind'], mono: number): boolean {
    const since = this.#since.get(kind) ?? mono;
    this.#since.set(kind, since);
    return mono - since >= LASTS_S;
  }

  /** Once a second is enough for what takes a minute. */
  #remember({ press_abs_hpa, relative_alt_m }: VehicleValues, mono: number): void {
    if (press_abs_hpa === null || relative_alt_m === null) {
      this.#minute = [];
      return;
    }
    const last = this.#minute.at(-1);
    if (last !== undefined && mono - last.mono < 1) return;
    this.#minute.push({ mono, pressHpa: press_abs_hpa, altM: relative_alt_m });
    this.#minute = this.#minute.filter((sample) => mono - sample.mono <= STILL_S);
  }

  #still(mono: number): Doubt | null {
    const begun = this.#minute[0]?.mono ?? mono;
    if (mono - begun < STILL_S - 2) return null;
    const moved = range(this.#minute.map(({ pressHpa }) => pressHpa));
    const altMoved = range(this.#minute.map(({ altM }) => altM));
    if (moved < MOVED_HPA || altMoved > STILL_M) return null;
    const detail =
      `The autopilot’s height stands still for a minute, while the outside pressure moves by ${moved.toFixed(0)} hPa: ` +
      'its estimate of position is stuck. The depth is taken from the pressure.';
    return { kind: 'stands_still', detail };
  }
}

function differ(values: VehicleValues, stands: boolean): Doubt | null {
  const { depth_m, depth_source, relative_alt_m } = values;
  if (depth_source !== 'pressure' || depth_m === null || relative_alt_m === null) return null;
  const apart = Math.abs(depth_m + relative_alt_m);
  if (apart <= (stands ? AGREE_AGAIN_M : AGREE_M)) return null;
  const detail =
    `Depth by pressure is ${depth_m.toFixed(1)} m, by the autopilot’s height above home ${(0 - relative_alt_m).toFixed(1)} m: ` +
    'say “at the surface now” when it is there, and look at the water’s density. The pressure counts.';
  return { kind: 'sources_differ', detail };
}

function above({ depth_m }: VehicleValues): Doubt | null {
  if (depth_m === null || depth_m >= ABOVE_M) return null;
  const detail = `The depth is ${depth_m.toFixed(1)} m, above the surface: say “at the surface now” when the vehicle is there.`;
  return { kind: 'above_surface', detail };
}

/** Against the standard atmosphere at the height that GPS tells. */
function doubtfulSurface({ surface_press_hpa, alt_gps_m, fix_type }: VehicleValues): Doubt | null {
  if (surface_press_hpa === null || alt_gps_m === null || (fix_type ?? 0) < FIX_3D) return null;
  const standard = STANDARD_HPA * (1 - 2.25577e-5 * alt_gps_m) ** 5.25588;
  if (Math.abs(surface_press_hpa - standard) <= WEATHER_HPA) return null;
  const detail =
    `The surface pressure ${surface_press_hpa.toFixed(0)} hPa is far from ${standard.toFixed(0)} hPa, the usual at ${alt_gps_m.toFixed(0)} m above the sea: ` +
    'say “at the surface now” when the vehicle is there.';
  return { kind: 'surface_pressure', detail };
}

function withoutPressure({ depth_source }: VehicleValues): Doubt | null {
  if (depth_source !== 'vfr_hud') return null;
  const detail =
    'The vehicle sends neither an outside pressure nor a height above home: its height above the sea is taken for the depth, ' +
    'which is wrong wherever the surface is not at 0 m.';
  return { kind: 'no_pressure', detail };
}

function range(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
}
