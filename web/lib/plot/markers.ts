import type { Colours } from './colours.ts';
import type { Mapping } from './paint.ts';

/** Something that happened, drawn on the axis of time. */
export interface PlotMarker {
  time: number;
  label: string;
  /** Explains itself in a sentence. */
  detail: string;
  tone: 'info' | 'warn';
}

interface MarkerFrame {
  from: number;
  to: number;
  markers: readonly PlotMarker[];
  cursor: { time: number; value: number } | null;
  unit: string;
  colours: Colours;
}

const FONT = '600 11px system-ui, sans-serif';
const LABEL_GAP_PX = 10;
const RIGHT_MARGIN_PX = 26;
/** Labels stand above the flags, so that the next flag does not cross them. */
const LABEL_ABOVE_PX = 13;

/** Lines with a flag for what happened (markers ascend in time), and a line at the pointer. */
export function paintMarkers(
  context: CanvasRenderingContext2D,
  frame: MarkerFrame,
  map: Mapping,
  area: { top: number; bottom: number; right: number },
): void {
  context.font = FONT;
  context.textBaseline = 'middle';
  let freeFrom = Number.NEGATIVE_INFINITY;
  // The unit stands at the left end of the same line.
  const unitEnd = context.measureText(frame.unit).width + LABEL_GAP_PX;
  for (const marker of frame.markers) {
    if (marker.time < frame.from || marker.time > frame.to) continue;
    const colour = marker.tone === 'warn' ? frame.colours.warn : frame.colours.accent;
    const x = Math.round(map.x(marker.time)) + 0.5;
    paintLine(context, x, area, colour, [3, 3]);
    paintFlag(context, x, area.top, colour);
    if (x < freeFrom) continue;
    const end = paintLabel(context, marker.label, Math.max(x - 4, unitEnd), area, colour);
    if (end !== null) freeFrom = end + LABEL_GAP_PX;
  }
  if (frame.cursor) paintCursor(context, frame.cursor, frame.colours, map, area);
}

function paintCursor(
  context: CanvasRenderingContext2D,
  cursor: { time: number; value: number },
  colours: Colours,
  map: Mapping,
  area: { top: number; bottom: number },
): void {
  const x = map.x(cursor.time);
  paintLine(context, Math.round(x) + 0.5, area, colours.line, []);
  context.beginPath();
  context.arc(x, map.y(cursor.value), 4, 0, 2 * Math.PI);
  context.fillStyle = colours.surface;
  context.fill();
  context.strokeStyle = colours.trace;
  context.lineWidth = 2;
  context.stroke();
}

function paintLine(
  context: CanvasRenderingContext2D,
  x: number,
  area: { top: number; bottom: number },
  colour: string,
  dash: number[],
): void {
  context.beginPath();
  context.setLineDash(dash);
  context.moveTo(x, area.top);
  context.lineTo(x, area.bottom);
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
  context.setLineDash([]);
}

function paintFlag(context: CanvasRenderingContext2D, x: number, top: number, colour: string) {
  context.beginPath();
  context.moveTo(x, top + 3);
  context.lineTo(x - 4, top - 4);
  context.lineTo(x + 4, top - 4);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

/** Writes the label where it fits, from x on; tells where it ends. */
function paintLabel(
  context: CanvasRenderingContext2D,
  label: string,
  x: number,
  area: { top: number; right: number },
  colour: string,
): number | null {
  const end = x + context.measureText(label).width;
  if (end > area.right + RIGHT_MARGIN_PX) return null;
  context.fillStyle = colour;
  context.fillText(label, x, area.top - LABEL_ABOVE_PX);
  return end;
}
