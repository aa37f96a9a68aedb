import type { Cast } from '../../../shared/api/profile.ts';
import type { DepthMark } from './dives.ts';
import type { Scene } from './scene.ts';
import { CAST_WORDS } from './words.ts';

/** Where things are on the canvas. */
export interface Place {
  x(light: number): number;
  y(depth: number): number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

type Context = CanvasRenderingContext2D;

const MARK_PX = 4;
const FONT = '600 12px system-ui, sans-serif';
const LEGEND_ABOVE_PX = 14;
const LABEL_PX = 14;

/** Colour and shape tell the way down from the way up: full discs, and open triangles. */
const colourOf = (cast: Cast, { colours }: Scene): string =>
  cast.direction === 'down' ? colours.trace : colours.castUp;

/** Everything of the dive, from the back to the front. */
export function paintScene(context: Context, scene: Scene, place: Place): void {
  context.save();
  context.beginPath();
  context.rect(place.left, place.top, place.right - place.left, place.bottom - place.top);
  context.clip();
  paintBand(context, scene, place);
  for (const cast of scene.casts) paintWhiskers(context, cast, scene, place);
  for (const cast of scene.casts) paintBins(context, cast, scene, place);
  for (const cast of scene.casts) paintLine(context, cast, scene, place);
  context.restore();
  paintMarks(context, scene, place);
  paintLegend(context, scene, place);
}

function paintBand(context: Context, { range, colours }: Scene, place: Place): void {
  const [top, bottom] = [place.y(range.from_m), place.y(range.to_m)];
  context.fillStyle = colours.gap;
  context.fillRect(place.left, top, place.right - place.left, bottom - top);
  context.fillStyle = colours.line;
  for (const y of [top, bottom]) {
    context.fillRect(place.left, Math.round(y), place.right - place.left, 1);
  }
}

/** From the smallest to the largest reading of each bin: how far the waves throw the light. */
function paintWhiskers(context: Context, cast: Cast, scene: Scene, place: Place): void {
  const { depth_m, min, max } = cast.bins;
  context.globalAlpha = 0.35;
  context.fillStyle = colourOf(cast, scene);
  for (const [at, depth] of depth_m.entries()) {
    const from = place.x(Math.max(min[at] ?? 0, scene.axes.light.min));
    const to = place.x(max[at] ?? 0);
    context.fillRect(from, place.y(depth) - 0.5, Math.max(1, to - from), 1);
  }
  context.globalAlpha = 1;
}

function paintBins(context: Context, cast: Cast, scene: Scene, place: Place): void {
  const { depth_m, mean_ln } = cast.bins;
  const colour = colourOf(cast, scene);
  for (const [at, depth] of depth_m.entries()) {
    const x = place.x(Math.exp(mean_ln[at] ?? 0));
    paintBin(context, cast.direction, x, place.y(depth), colour, scene.colours.surface);
  }
}

function paintBin(
  context: Context,
  direction: Cast['direction'],
  x: number,
  y: number,
  colour: string,
  inside: string,
): void {
  context.beginPath();
  if (direction === 'down') context.arc(x, y, MARK_PX - 0.5, 0, 2 * Math.PI);
  else {
    context.moveTo(x, y - MARK_PX - 0.5);
    context.lineTo(x + MARK_PX, y + MARK_PX - 1);
    context.lineTo(x - MARK_PX, y + MARK_PX - 1);
    context.closePath();
  }
  context.fillStyle = direction === 'down' ? colour : inside;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.stroke();
}

/** The line within its range, and dashed up to the surface, where it says E(0-). */
function paintLine(context: Context, cast: Cast, scene: Scene, place: Place): void {
  const { attenuation } = cast.fit;
  if (!attenuation) return;
  const { e0, kd_per_m: kd } = attenuation;
  const end = (depth: number) => [place.x(e0 * Math.exp(-kd * depth)), place.y(depth)] as const;
  context.strokeStyle = colourOf(cast, scene);
  context.lineWidth = 2;
  for (const [from, to, dash] of [
    [0, scene.range.from_m, [4, 4]],
    [scene.range.from_m, scene.range.to_m, []],
  ] as const) {
    context.beginPath();
    context.setLineDash([...dash]);
    context.moveTo(...end(from));
    context.lineTo(...end(to));
    context.stroke();
  }
  context.setLineDash([]);
}

/** Markers of the pilot at their depth; a label that would cover the one before is left away. */
function paintMarks(context: Context, { marks, colours }: Scene, place: Place): void {
  context.font = FONT;
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  let freeFrom = Number.NEGATIVE_INFINITY;
  for (const mark of marks) {
    const y = Math.round(place.y(mark.depth)) + 0.5;
    paintMark(context, y, colours.accent, place);
    if (y - LABEL_PX < freeFrom) continue;
    context.fillText(shortText(context, mark, place), place.right - 10, y - 2);
    freeFrom = y;
  }
  context.textAlign = 'left';
}

function paintMark(context: Context, y: number, colour: string, place: Place): void {
  context.beginPath();
  context.setLineDash([3, 3]);
  context.moveTo(place.left, y);
  context.lineTo(place.right, y);
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(place.right - 3, y);
  context.lineTo(place.right + 4, y - 4);
  context.lineTo(place.right + 4, y + 4);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

function shortText(context: Context, { text }: DepthMark, place: Place): string {
  const room = (place.right - place.left) * 0.6;
  if (context.measureText(text).width <= room) return text;
  let short = text;
  while (short !== '' && context.measureText(`${short}…`).width > room) short = short.slice(0, -1);
  return `${short}…`;
}

function paintLegend(context: Context, scene: Scene, place: Place): void {
  context.font = FONT;
  context.textBaseline = 'middle';
  let x = place.left + MARK_PX;
  const y = place.top - LEGEND_ABOVE_PX;
  for (const cast of scene.casts) {
    const words = CAST_WORDS[cast.direction];
    paintBin(context, cast.direction, x, y, colourOf(cast, scene), scene.colours.surface);
    context.fillStyle = scene.colours.text;
    context.fillText(words, x + 9, y);
    x += context.measureText(words).width + 30;
  }
}
