import { smooth } from '../noise.ts';

/** Where a simulated vehicle is, and what it measures. */
export interface Motion {
  /** Metres below the surface. */
  depthM: number;
  /** Clockwise from north. */
  headingDeg: number;
  /** WGS 84. */
  latDeg: number;
  lonDeg: number;
  waterTempC: number;
  /** Starboard side down, and bow up; level where it is left out. */
  rollDeg?: number;
  pitchDeg?: number;
  /** Of the vehicle's lamps, 0 to 1; off where it is left out. */
  lamps?: number;
}

/** The motion at a number of seconds since the start. */
export type Flight = (seconds: number) => Motion;

const PERIOD_S = 240;
const DEEPEST_M = 20;
const METRES_PER_DEGREE = 111_195;

/** Down and up again every four minutes, in a slow circle, through a thermocline at 8 m. */
export const yoyo: Flight = (seconds) => {
  const phase = (2 * Math.PI * seconds) / PERIOD_S;
  const depthM = (DEEPEST_M * (1 - Math.cos(phase))) / 2;
  const [north, east] = [15 * Math.sin(phase / 3), 15 * Math.cos(phase / 3)];
  return {
    depthM,
    headingDeg: (270 + 30 * smooth(21, seconds / 20) + (seconds * 360) / (3 * PERIOD_S)) % 360,
    latDeg: 42.6 + north / METRES_PER_DEGREE,
    lonDeg: -8.9 + east / (METRES_PER_DEGREE * Math.cos((42.6 * Math.PI) / 180)),
    waterTempC: 17.5 - 3.5 / (1 + Math.exp(8 - depthM)),
  };
};
