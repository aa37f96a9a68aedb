import { median, sum } from '../../shared/profile/sums.ts';
import { GRAVITY } from './depth.ts';

/** Of the standard atmosphere at the sea, in hPa: where nothing better is known. */
export const STANDARD_HPA = 1013.25;
/** Air, from a mountain lake to a high at the sea; a metre of water is 100 hPa. */
const AIR_HPA = { least: 550, most: 1060 } as const;
const QUIET_S = 10;
const QUIET_HPA = 1;
/** So near to home in height the vehicle may be at the surface. */
const NEAR_HOME_M = 0.3;
/** A finer difference is the noise of the sensor: 5 mm. */
const SAME_HPA = 0.5;
/** What is said by hand is the middle of so many seconds. */
const SAID_S = 3;

/** How the pressure at the surface is known. */
export interface Surface {
  hpa: number;
  /** set: somebody said "at the surface now" · found: the vehicle lay quiet there · standard: neither. */
  source: 'set' | 'found' | 'standard';
}

interface Sample {
  mono: number;
  hpa: number;
}

/** What the autopilot says besides, as far as it is known. */
export interface Situation {
  armed: boolean | null;
  relativeAltM: number | null;
  waterDensity: number;
}

export function isAir(hpa: number): boolean {
  return hpa >= AIR_HPA.least && hpa <= AIR_HPA.most;
}

/**
 * The pressure at the surface, in hPa, from the outside pressure as it comes. A vehicle that
 * lies quiet there finds it by itself; what somebody says stays until it is said again.
 */
export class SurfacePressure {
  #surface: Surface;
  #recent: Sample[] = [];
  #quiet: Sample[] = [];

  /** `known`: as it was before a restart. */
  constructor(known: Surface | null = null) {
    this.#surface = known ?? { hpa: STANDARD_HPA, source: 'standard' };
  }

  get now(): Surface {
    return this.#surface;
  }

  /** Takes a pressure in hPa at a monotonic moment. True: the surface is known better now. */
  hear(hpa: number, mono: number, situation: Situation): boolean {
    this.#recent = upTo(SAID_S, [...this.#recent, { mono, hpa }]);
    const atSurface = isAir(hpa) ? surfaceBy(hpa, situation) : null;
    if (atSurface === null) this.#quiet = [];
    else this.#quiet = upTo(QUIET_S + 1, [...this.#quiet, { mono, hpa: atSurface }]);
    const begun = this.#quiet[0]?.mono ?? mono;
    return mono - begun >= QUIET_S && this.#find(situation.armed === false);
  }

  /** Somebody says that the vehicle is at the surface. null: there is no pressure, or it is no air. */
  sayNow(mono: number): Surface | null {
    const said = this.#recent.filter((sample) => mono - sample.mono <= SAID_S);
    const hpa = median(said.map((sample) => sample.hpa));
    if (!isAir(hpa)) return null;
    this.#surface = { hpa, source: 'set' };
    return this.#surface;
  }

  /** Whoever is armed may have dived since home was set: it only makes the pressure lower. */
  #find(isDisarmed: boolean): boolean {
    const { source, hpa: known } = this.#surface;
    const values = this.#quiet.map(({ hpa }) => hpa);
    if (source === 'set' || deviation(values) >= QUIET_HPA) return false;
    const hpa = median(values);
    const isBetter = source === 'standard' || isDisarmed || hpa < known;
    if (!isBetter || (source === 'found' && Math.abs(hpa - known) < SAME_HPA)) return false;
    this.#surface = { hpa, source: 'found' };
    return true;
  }
}

/** The pressure at the surface if the vehicle is about there; null: nothing says that it is. */
function surfaceBy(hpa: number, { armed, relativeAltM, waterDensity }: Situation): number | null {
  if (armed === false) return hpa;
  if (relativeAltM === null || Math.abs(relativeAltM) > NEAR_HOME_M) return null;
  return hpa + (Math.min(0, relativeAltM) * waterDensity * GRAVITY) / 100;
}

function upTo(seconds: number, samples: readonly Sample[]): Sample[] {
  const last = samples.at(-1)?.mono ?? 0;
  return samples.filter(({ mono }) => last - mono <= seconds);
}

function deviation(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  const squares = sum(values.map((value) => (value - mean) ** 2));
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}
