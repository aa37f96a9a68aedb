import type { Light } from '../light.ts';
import { smooth } from '../noise.ts';
import type { Flight } from './motion.ts';

interface Noise {
  /** Largest deviation. */
  size: number;
  /** It changes over about this time. */
  periodS: number;
}

/** Seconds into a dive, and metres under water there: straight lines between. */
const WAY: readonly (readonly [seconds: number, metres: number])[] = [
  [0, 0.3],
  [12, 0.3],
  [72, 18],
  [112, 18],
  [164, 5],
  [184, 5],
  [204, 0.3],
  [215, 0.3],
];
const DIVE_S = 215;
/** Along the bottom the vehicle follows it up and down by so much. */
const BOTTOM_M = 0.4;
const BOTTOM: readonly [number, number] = [72, 112];
/** In degrees. */
const ROLL: Noise = { size: 3, periodS: 4 };
const LAMPS = 0.5;
const METRES_PER_DEGREE = 111_195;
const HOME = { latDeg: 42.6, lonDeg: -8.9 };
const CIRCLE = { radiusM: 15, seconds: 600 };

/** Per metre, everywhere: what a profile of this water should find. */
export const DIVE_KD = 0.15;
/** PAR just below the surface under a clear sky, µmol/(m² s). */
export const DIVE_SURFACE_LIGHT = 1200;
/** While the vehicle comes up a cloud passes: the two casts of a dive then disagree, and one can see why. */
const CLOUD: readonly [from: number, to: number] = [124, 158];
const CLOUD_EDGE_S = 6;
const CLOUD_SHARE = 0.45;
/** In ln E. Waves flicker at the surface and no more after some metres; the vehicle tilts everywhere. */
const WAVES_FADE_M = 5;
const FLICKER: Noise = { size: 0.15, periodS: 0.3 };
const RIPPLE: Noise = { size: 0.1, periodS: 0.9 };
const TILT: Noise = { size: 0.04, periodS: 1.1 };

/** The dive at a number of seconds: surface, descent, bottom, ascent with a safety stop, and again. */
export const diveAt: Flight = (seconds) => {
  const into = seconds % DIVE_S;
  const angle = (2 * Math.PI * seconds) / CIRCLE.seconds;
  const [north, east] = [CIRCLE.radiusM * Math.sin(angle), CIRCLE.radiusM * Math.cos(angle)];
  const depthM = way(into) + bottom(into);
  return {
    depthM,
    headingDeg: (270 + 30 * smooth(21, seconds / 20) + (seconds * 360) / CIRCLE.seconds) % 360,
    latDeg: HOME.latDeg + north / METRES_PER_DEGREE,
    lonDeg: HOME.lonDeg + east / (METRES_PER_DEGREE * Math.cos((HOME.latDeg * Math.PI) / 180)),
    waterTempC: 17.5 - 3.5 / (1 + Math.exp(8 - depthM)),
    rollDeg: noise(ROLL, 31, seconds),
    pitchDeg: noise(ROLL, 32, seconds),
    // The pilot looks at the bottom with them.
    lamps: into > BOTTOM[0] && into < BOTTOM[1] ? LAMPS : 0,
  };
};

/** The same dive, `pace` times as fast. */
export function diveFlight(pace: number): Flight {
  return (seconds) => diveAt(seconds * pace);
}

/** PAR where the vehicle is on the dive, in µmol/(m² s); `seed` makes the waves. */
export function diveLight(seed: number, pace = 1): Light {
  return (moment) => {
    const seconds = moment * pace;
    const { depthM } = diveAt(seconds);
    const waves = noise(FLICKER, seed + 2, seconds) + noise(RIPPLE, seed + 3, seconds);
    const unsteady = waves * Math.exp(-depthM / WAVES_FADE_M) + noise(TILT, seed + 5, seconds);
    return DIVE_SURFACE_LIGHT * sky(seconds % DIVE_S) * Math.exp(unsteady - DIVE_KD * depthM);
  };
}

function way(into: number): number {
  const next = Math.max(
    1,
    WAY.findIndex(([seconds]) => seconds > into),
  );
  const [begin, from] = WAY[next - 1] ?? [0, 0];
  const [end, to] = WAY[next] ?? [DIVE_S, from];
  return from + ((to - from) * (into - begin)) / (end - begin);
}

function bottom(into: number): number {
  const [begin, end] = BOTTOM;
  if (into <= begin || into >= end) return 0;
  return -BOTTOM_M * Math.sin((Math.PI * (into - begin)) / (end - begin)) ** 2;
}

/** Share of the light that the cloud lets through. */
function sky(into: number): number {
  const [from, to] = CLOUD;
  const inside = Math.min(into - from, to - into) / CLOUD_EDGE_S;
  return 1 - (1 - CLOUD_SHARE) * Math.min(1, Math.max(0, inside));
}

/** Up and down alike: it has no bias in ln E, and so none in Kd. */
function noise({ size, periodS }: Noise, seed: number, seconds: number): number {
  return size * 2 * (smooth(seed, seconds / periodS) - 0.5);
}
