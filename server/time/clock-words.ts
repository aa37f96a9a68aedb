import type { Comparison } from '../../shared/time/comparison.ts';
import type { KernelClock } from './kernel-clock.ts';

const MINUTE_S = 120;
const HOUR_S = 7200;
const DAY_S = 172_800;

/** The state of the vehicle's clock in a sentence. */
export function clockWords({ isSet }: KernelClock, comparisons: readonly Comparison[]): string {
  const off = comparisons[0];
  if (off) return `${stateOf(isSet)}; ${offWords(off)}.`;
  return `${stateOf(isSet)}; it was not compared with any other clock yet.`;
}

function stateOf(isSet: boolean | null): string {
  if (isSet === null) return 'Whether the vehicle’s clock is set can’t be known';
  return isSet ? 'The vehicle’s clock is set' : 'Nothing has set the vehicle’s clock';
}

/** By how much it is off another clock, as in "it is 8 min behind GPS". */
export function offWords({ client, offset_s, uncertainty_s }: Comparison): string {
  const other = client === null ? 'the autopilot’s GPS time' : client;
  if (Math.abs(offset_s) <= Math.max(uncertainty_s, 0.5)) return `it agrees with ${other}`;
  return `it is ${span(Math.abs(offset_s))} ${offset_s > 0 ? 'behind' : 'ahead of'} ${other}`;
}

function span(seconds: number): string {
  if (seconds < MINUTE_S) return `${seconds.toFixed(1)} s`;
  if (seconds < HOUR_S) return `${Math.round(seconds / 60)} min`;
  if (seconds < DAY_S) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
