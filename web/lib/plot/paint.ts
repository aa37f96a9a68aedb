import type { Gap } from '../../../shared/series/gaps.ts';
import type { Columns } from '../series/columns.ts';
import { type Run, runsOf } from '../series/runs.ts';

/** Where things are on the canvas. */
export interface Mapping {
  x(time: number): number;
  y(value: number): number;
  top: number;
  bottom: number;
}

export interface TraceStyle {
  trace: string;
  envelope: string;
  gap: string;
  width: number;
}

/** A hole at the end that is shorter than this is only the time until the next reading. */
const OPEN_HOLE_MS = 3000;

/**
 * Draws the holes, the envelope from minimum to maximum, and the mean over it. With `now`, time
 * since the last reading is a hole as well.
 */
export function paintTrace(
  context: CanvasRenderingContext2D,
  columns: Columns,
  gaps: readonly Gap[],
  map: Mapping,
  style: TraceStyle,
  now: number | null = null,
): void {
  const runs = runsOf(columns, gaps);
  paintHoles(context, columns, runs, map, style);
  if (now !== null) paintOpenHole(context, columns, runs, map, style, now);
  for (const run of runs) {
    paintEnvelope(context, columns, run, map, style);
    paintMean(context, columns, run, map, style);
  }
}

function paintHoles(
  context: CanvasRenderingContext2D,
  columns: Columns,
  runs: readonly Run[],
  map: Mapping,
  style: TraceStyle,
): void {
  context.fillStyle = style.gap;
  for (let i = 1; i < runs.length; i += 1) {
    const left = runs[i - 1]?.at(-1) ?? 0;
    const right = runs[i]?.[0] ?? 0;
    const from = map.x(columns.end[left] as number);
    const to = map.x(columns.begin[right] as number);
    context.fillRect(from, map.top, Math.max(1, to - from), map.bottom - map.top);
  }
}

function paintOpenHole(
  context: CanvasRenderingContext2D,
  columns: Columns,
  runs: readonly Run[],
  map: Mapping,
  style: TraceStyle,
  now: number,
): void {
  const last = runs.at(-1)?.at(-1);
  const from = last === undefined ? now : (columns.end[last] as number);
  if (now - from < OPEN_HOLE_MS) return;
  context.fillStyle = style.gap;
  context.fillRect(map.x(from), map.top, map.x(now) - map.x(from), map.bottom - map.top);
}

function paintEnvelope(
  context: CanvasRenderingContext2D,
  columns: Columns,
  run: Run,
  map: Mapping,
  style: TraceStyle,
): void {
  context.beginPath();
  for (const column of run) {
    context.lineTo(map.x(columns.middle(column)), map.y(columns.hi[column] as number));
  }
  for (const column of [...run].reverse()) {
    context.lineTo(map.x(columns.middle(column)), map.y(columns.lo[column] as number));
  }
  context.closePath();
  context.fillStyle = style.envelope;
  context.fill();
}

function paintMean(
  context: CanvasRenderingContext2D,
  columns: Columns,
  run: Run,
  map: Mapping,
  style: TraceStyle,
): void {
  const [first] = run;
  if (first !== undefined && run.length === 1) {
    const x = map.x(columns.middle(first));
    context.fillStyle = style.trace;
    context.fillRect(x - 1.5, map.y(columns.mean(first)) - 1.5, 3, 3);
    return;
  }
  context.beginPath();
  for (const column of run) {
    context.lineTo(map.x(columns.middle(column)), map.y(columns.mean(column)));
  }
  context.strokeStyle = style.trace;
  context.lineWidth = style.width;
  context.lineJoin = 'round';
  context.stroke();
}
