import type { Cast } from '../../../shared/api/profile.ts';
import type { Report } from '../../../shared/api/report.ts';
import { parseIsoMicros } from '../../../shared/clock.ts';
import { Plot, type Span } from './svg.ts';
import { decadeTicks, timeTicks, valueTicks } from './ticks.ts';

const WIDE = 700;
const MOST_TICKS = { time: 9, light: 5, depth: 4, place: 3 };
/** A dive in one spot must not look like a voyage. */
const LEAST_DEGREES = 1e-4;
const SMALL = { width: 340, height: 240 };
/** Of the part of a small picture inside of its axes. */
const PICTURE_RATIO = 264 / 210;

const spanOf = (values: readonly number[]): Span => [
  values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
  values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
];

/** Light over the time of the session, with its gaps; '' where there is none. */
export function lightChart({ over_time: light, duration_s, began }: Report): string {
  if (light.mean.length === 0) return '';
  const x: Span = [0, Math.max(duration_s, light.elapsed_s.at(-1) ?? 0, 1)];
  const [low, high] = spanOf([...light.min, ...light.max]);
  const y: Span = [Math.min(0, low), high > 0 ? high * 1.05 : 1];
  const plot = new Plot({ x, y, width: WIDE, height: 150 });
  const middle = (at: number) => (light.elapsed_s[at] ?? 0) + light.bin_s / 2;
  const runs = runsOf(light);
  return plot.picture('Light over time', [
    ...light.gap_from_s.map((from, at) => plot.stripe(from, light.gap_to_s[at] ?? from)),
    plot.yTicks(valueTicks(y, MOST_TICKS.light)),
    plot.xTicks(timeTicks(x, parseIsoMicros(began), MOST_TICKS.time)),
    ...runs.map((run) =>
      plot.band(run.map((at) => [middle(at), light.min[at] ?? 0, light.max[at] ?? 0])),
    ),
    ...runs.map((run) =>
      plot.line(
        run.map((at) => [middle(at), light.mean[at] ?? 0]),
        'trace',
      ),
    ),
  ]);
}

/** Bins between which no reading is missing. */
function runsOf({ elapsed_s, bin_s, gap_to_s }: Report['over_time']): number[][] {
  const runs: number[][] = [];
  let gap = 0;
  elapsed_s.forEach((begin, at) => {
    let isAfterGap = at === 0;
    while ((gap_to_s[gap] ?? Number.POSITIVE_INFINITY) < begin + bin_s) {
      gap += 1;
      isAfterGap = true;
    }
    if (isAfterGap) runs.push([]);
    runs.at(-1)?.push(at);
  });
  return runs;
}

/** Depth over the same time, downwards; '' where it is not known. */
export function depthChart({ over_time, duration_s, began }: Report): string {
  const { depth_elapsed_s: times, depth_m: depths } = over_time;
  const known = depths.filter((depth) => depth !== null);
  if (known.length === 0) return '';
  const x: Span = [0, Math.max(duration_s, over_time.elapsed_s.at(-1) ?? 0, 1)];
  const [top, bottom] = spanOf(known);
  const y: Span = [Math.max(bottom * 1.05, top + 1), Math.min(0, top)];
  const plot = new Plot({ x, y, width: WIDE, height: 110 });
  const points = depths.map((depth, at) =>
    depth === null ? null : ([times[at] ?? 0, depth] as const),
  );
  return plot.picture('Depth over time', [
    plot.yTicks(valueTicks(y, MOST_TICKS.depth)),
    plot.xTicks(timeTicks(x, parseIsoMicros(began), MOST_TICKS.time)),
    plot.line(points, 'depth'),
  ]);
}

/** Light against depth, on a logarithmic axis, with the line of Kd, of these casts; '' without one. */
export function profileChart(casts: readonly Cast[]): string {
  const bins = casts.flatMap(binsOf);
  if (bins.length === 0) return '';
  const [low, high] = spanOf(bins.map(([light]) => light));
  const [, deepest] = spanOf(bins.map(([, depth]) => depth));
  const x: Span = [Math.floor(low * 2) / 2, Math.max(Math.ceil(high * 2) / 2, Math.floor(low) + 1)];
  const y: Span = [deepest * 1.05 + 0.1, 0];
  const plot = new Plot({ x, y, ...SMALL });
  return plot.picture('Light against depth', [
    plot.xTicks(decadeTicks(x)),
    plot.yTicks(valueTicks(y, 6)),
    ...casts.flatMap((cast) => binsOf(cast).map((bin) => plot.dot(bin, cast.direction))),
    ...casts.map((cast) => fitLine(plot, cast)),
  ]);
}

function binsOf({ bins }: Cast): (readonly [light: number, depth: number])[] {
  return bins.depth_m.map((depth, at) => [(bins.mean_ln[at] ?? 0) / Math.LN10, depth] as const);
}

function fitLine(plot: Plot, { fit: { range, attenuation } }: Cast): string {
  if (range === null || attenuation === null) return '';
  const { e0, kd_per_m: kd } = attenuation;
  const at = (depth: number) => [Math.log10(e0) - (kd * depth) / Math.LN10, depth] as const;
  return plot.line([at(range.from_m), at(range.to_m)], 'fit');
}

/** The way over ground, as wide as high in metres; '' where no position is known. */
export function trackChart({ track }: Report): string {
  if (track === null) return '';
  const { latitude_deg: north, longitude_deg: east } = track;
  const [south, top] = spanOf(north);
  const [west, right] = spanOf(east);
  const squeeze = Math.max(0.01, Math.cos((((south + top) / 2) * Math.PI) / 180));
  const half = Math.max(top - south, (right - west) * squeeze, LEAST_DEGREES) * 0.55;
  const wide = half * PICTURE_RATIO;
  const around = (middle: number, by: number): Span => [middle - by, middle + by];
  const x = around((west + right) / 2, wide / squeeze);
  const y = around((south + top) / 2, half);
  const plot = new Plot({ x, y, ...SMALL });
  const points = north.map((latitude, at) => [east[at] ?? 0, latitude] as const);
  const [first, last] = [points[0], points.at(-1)];
  return plot.picture('Track of the vehicle', [
    plot.xTicks(degrees(x)),
    plot.yTicks(degrees(y)),
    plot.line(points, 'track'),
    ...(first && last ? [plot.dot(first, 'down'), plot.dot(last, 'up')] : []),
  ]);
}

/** With as many decimals as tell them apart. */
function degrees(span: Span): (readonly [number, string])[] {
  const ticks = valueTicks(span, MOST_TICKS.place);
  const step = (span[1] - span[0]) / MOST_TICKS.place;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)));
  return ticks.map(([value]) => [value, value.toFixed(decimals)] as const);
}
