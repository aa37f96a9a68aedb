import type { DepthSource } from '../../shared/vehicle.ts';
import type { Aged } from './newest.ts';

/** m/s². */
export const GRAVITY = 9.80665;
const PASCALS = 100;

/** How the sensor is fixed to the vehicle, and in what water. */
export interface DepthSettings {
  water_density_kg_m3: number;
  /** Metres from the pressure port down to the light sensor. */
  sensor_below_port_m: number;
}

/** What a depth can be made from, each null where it is not known now. */
export interface DepthInputs {
  pressHpa: Aged<number>;
  relativeAltM: Aged<number>;
  altMslM: Aged<number>;
  /** The vehicle is heard long enough for a better source to have come. */
  isSettled: boolean;
}

/** Of the light sensor, in metres below the surface. */
export interface Depth {
  depthM: number | null;
  source: DepthSource | null;
  ageS: number | null;
}

/** Metres under the surface at this pressure. */
export function depthByPressure(hpa: number, surfaceHpa: number, density: number): number {
  return ((hpa - surfaceHpa) * PASCALS) / (density * GRAVITY);
}

/** By pressure; else by the height above home; else above mean sea level. Subtracted: no minus zero. */
export function depthOf(inputs: DepthInputs, surfaceHpa: number, settings: DepthSettings): Depth {
  const { pressHpa, relativeAltM, altMslM } = inputs;
  const density = settings.water_density_kg_m3;
  const below = settings.sensor_below_port_m;
  const found = (depth: number, source: DepthSource, ageS: number | null): Depth => ({
    ...{ depthM: depth + below, source, ageS },
  });
  if (pressHpa.value !== null)
    return found(depthByPressure(pressHpa.value, surfaceHpa, density), 'pressure', pressHpa.age);
  // A sensor that fell silent is told as such; another zero in mid-dive would be no better depth.
  if (pressHpa.age !== null || !inputs.isSettled)
    return { depthM: null, source: null, ageS: pressHpa.age };
  if (relativeAltM.value !== null)
    return found(0 - relativeAltM.value, 'relative_alt', relativeAltM.age);
  if (relativeAltM.age !== null) return { depthM: null, source: null, ageS: relativeAltM.age };
  if (altMslM.value !== null) return found(0 - altMslM.value, 'vfr_hud', altMslM.age);
  return { depthM: null, source: null, ageS: altMslM.age };
}
