import type { Averages } from './board.ts';
import { gauss, hash, smooth } from './noise.ts';
import { averageSeconds } from './settings.ts';

/** PAR in µmol/(m² s) at a number of seconds since the start. */
export type Light = (seconds: number) => number;

const START_HOUR = 9.5;
const LATITUDE = (45 * Math.PI) / 180;
const DECLINATION = (15 * Math.PI) / 180;
/** Clear sky, sun in the zenith. */
const FULL_SUN = 2200;
const DARK = 0.01;
const DARK_NOISE = 2e-5;
const MEAN_POINTS = 8;

/** Sine of the sun's elevation; negative at night. */
function sunHeight(seconds: number): number {
  const hourAngle = ((START_HOUR + seconds / 3600 - 12) * Math.PI) / 12;
  return (
    Math.sin(LATITUDE) * Math.sin(DECLINATION) +
    Math.cos(LATITUDE) * Math.cos(DECLINATION) * Math.cos(hourAngle)
  );
}

/** Share of the light that passes: broken clouds that take minutes to pass. */
function clouds(seed: number, seconds: number): number {
  const cover = 0.7 * smooth(seed, seconds / 240) + 0.3 * smooth(seed + 1, seconds / 45);
  return 1 - 0.7 * Math.min(1, Math.max(0, (cover - 0.45) * 4));
}

/** Waves focus and spread the light: a swell of some seconds and fast flicker. */
function waves(seed: number, seconds: number): number {
  return (
    1 +
    0.2 * (smooth(seed + 2, seconds / 1.7) - 0.5) +
    0.12 * (smooth(seed + 3, seconds / 0.25) - 0.5)
  );
}

/** A day just below the surface, from half past nine on. */
export function dayOfLight(seed: number): Light {
  return (seconds) => {
    const sun = FULL_SUN * Math.max(0, sunHeight(seconds)) ** 1.2;
    return sun * clouds(seed, seconds) * waves(seed, seconds);
  };
}

/** Degrees C in the sensor's own steps of about 0.41, drifting over minutes. */
export function temperatureAt(seconds: number): number {
  return 26.43 + 0.4155 * Math.floor(4 * smooth(11, seconds / 300));
}

/** Volts of the supply in steps of 0.021. */
export function voltageAt(seconds: number): number {
  return 7.494 + 0.021 * Math.round(hash(13, Math.floor(seconds / 3)));
}

/** Mean of the light over an average, from a few points in it. */
function mean(light: Light, began: number, at: number, samples: number): number {
  const points = Math.min(samples, MEAN_POINTS);
  let sum = 0;
  for (let i = 1; i <= points; i += 1) sum += light(began + ((at - began) * i) / points);
  return sum / points;
}

/** Averages of a light, with the detector's dark signal and noise, as the device prints them. */
export function averagesOf(light: Light, seed: number): Averages {
  return (_count, began, settings) => {
    const at = began + averageSeconds(settings);
    const noise = DARK_NOISE * gauss(seed + 4, Math.round(at * 1e4));
    const par = mean(light, began, at, settings.averaging) + DARK + noise;
    return {
      at,
      value: (par * settings.calibrationFactor).toFixed(settings.decimals),
      temperature: temperatureAt(at).toFixed(2),
      voltage: voltageAt(at).toFixed(3),
    };
  };
}
