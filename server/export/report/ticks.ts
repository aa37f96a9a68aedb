import type { Span } from './svg.ts';

export type Tick = readonly [value: number, label: string];

const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600];

/** Whole steps of 1, 2 or 5 inside of a span, whichever way that runs. */
export function valueTicks(span: Span, most: number): Tick[] {
  const [low, high] = [Math.min(...span), Math.max(...span)];
  const rough = (high - low) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) => {
    const value = (first + at) * step;
    return [value, figure(value)] as const;
  });
}

/** Decades between two logarithms to the base of 10. */
export function decadeTicks([from, to]: Span): Tick[] {
  const first = Math.ceil(from);
  const count = Math.max(0, Math.floor(to) - first + 1);
  return Array.from(
    { length: count },
    (_, at) => [first + at, figure(10 ** (first + at))] as const,
  );
}

/** Whole times of UTC in a stretch of seconds since `beganMicros`. */
export function timeTicks([from, to]: Span, beganMicros: number, most: number): Tick[] {
  const began = beganMicros / 1e6;
  const step = SECONDS.find((one) => (to - from) / one <= most) ?? 86_400;
  const ticks: Tick[] = [];
  for (let at = Math.ceil((began + from) / step) * step; at <= began + to; at += step) {
    const clock = new Date(at * 1000).toISOString().slice(11, step < 60 ? 19 : 16);
    ticks.push([at - began, clock]);
  }
  return ticks;
}

/** Four digits, without those that say nothing. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
