import { median } from './sums.ts';

/** The ADC is so much slower than it says. */
const TRUE_PERIOD = 1.034;
/** Of fewer readings the distance says little. */
const LEAST_READINGS = 8;
const BITS_PER_BYTE = 10;

/** How a sensor made its readings, as far as the session tells. */
export interface Averaging {
  /** The device sends by itself: a reading begins where the one before it ended. */
  freerun: boolean;
  /** ADC samples in one reading, and samples a second as the device names them. */
  averaging: number | null;
  adcRateHz: number | null;
}

/**
 * Seconds that a reading was averaged over: as observed where the device sends by itself, else by
 * its settings. 0: not known. `times` are those of the first readings, seconds, ascending.
 */
export function averagedS(
  { freerun, averaging, adcRateHz }: Averaging,
  times: readonly number[],
): number {
  const told = averaging && adcRateHz ? (averaging / adcRateHz) * TRUE_PERIOD : 0;
  if (!freerun || times.length < LEAST_READINGS) return told;
  return median(times.slice(1).map((time, at) => time - (times[at] ?? time)));
}

/** Seconds that a line of so many bytes takes on the wire. */
export function wireS(bytes: number, baud: number | null): number {
  return baud ? (bytes * BITS_PER_BYTE) / baud : 0;
}
