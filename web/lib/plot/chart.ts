import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
} from 'chart.js';
import type { Gap } from '../../../shared/series/gaps.ts';
import { axis } from '../format/number.ts';
import type { Columns } from '../series/columns.ts';
import type { ScaleKind, ValueRange } from '../series/value-range.ts';
import type { Colours } from './colours.ts';
import { type PlotMarker, paintMarkers } from './markers.ts';
import { type Mapping, paintTrace } from './paint.ts';
import { tickLabel, timeStep, timeTicks } from './time-ticks.ts';
import { valueTicks } from './value-ticks.ts';

Chart.register(LinearScale, LogarithmicScale, LineController, LineElement, PointElement);

/** One picture: what to draw and where the axes end. */
export interface Frame {
  from: number;
  to: number;
  range: ValueRange;
  kind: ScaleKind;
  columns: Columns;
  gaps: readonly Gap[];
  markers: readonly PlotMarker[];
  /** What is under the pointer. */
  cursor: { time: number; value: number } | null;
  /** Stands above the value axis. */
  unit: string;
  /** The time now on a live plot; null where readings have ended. */
  now: number | null;
  colours: Colours;
}

const VALUE_AXIS_PX = 58;
const TICK_EVERY_PX = 92;
const UNIT_BASELINE_PX = 12;

/** Chart.js lays out the axes; the readings are drawn from typed arrays, never as its points. */
export class PlotChart {
  readonly #chart: Chart;
  #frame: Frame | null = null;
  /** Milliseconds between two labels of the time axis. */
  #step = 1000;

  constructor(canvas: HTMLCanvasElement, kind: ScaleKind) {
    const painter: Plugin = { id: 'trace', beforeDatasetsDraw: (chart) => this.#paint(chart) };
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [painter],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 32, right: 28 } },
        onResize: () => this.resized(),
        scales: {
          x: {
            type: 'linear',
            border: { display: false },
            ticks: {
              maxRotation: 0,
              autoSkip: false,
              callback: (value) => tickLabel(Number(value), this.#step),
            },
            afterBuildTicks: (scale) => {
              scale.ticks = this.#timeTicks(scale.width);
            },
            // Room for the outer labels is in the layout: the plot must not breathe as they pass.
            afterFit: (scale) => {
              scale.paddingLeft = scale.paddingRight = 0;
            },
          },
          y: {
            type: kind === 'log' ? 'logarithmic' : 'linear',
            border: { display: false },
            ticks: { autoSkip: false, callback: (value) => axis(Number(value)) },
            afterBuildTicks: (scale) => {
              scale.ticks = valueTicks(scale, kind);
            },
            afterFit: (scale) => {
              scale.width = VALUE_AXIS_PX;
            },
          },
        },
      },
    });
  }

  /** Called when the canvas has a new size. */
  resized: () => void = () => {};

  /** Width in pixels of the part that shows readings. */
  get width(): number {
    return Math.max(1, Math.round(this.#chart.chartArea?.width ?? 1));
  }

  /** The part of the canvas that shows readings, in pixels from its left edge. */
  get area(): { left: number; right: number; top: number; bottom: number } {
    return this.#chart.chartArea ?? { left: VALUE_AXIS_PX, right: 1, top: 0, bottom: 1 };
  }

  draw(frame: Frame): void {
    this.#frame = frame;
    const { x, y } = this.#chart.options.scales ?? {};
    if (!x || !y) return;
    Object.assign(x, { min: frame.from, max: frame.to });
    Object.assign(y, { min: frame.range.min, max: frame.range.max });
    for (const scale of [x, y]) {
      Object.assign(scale.grid ?? {}, { color: frame.colours.grid, tickLength: 4 });
      Object.assign(scale.ticks ?? {}, { color: frame.colours.muted, font: { size: 12 } });
    }
    this.#chart.update('none');
  }

  destroy(): void {
    this.#chart.destroy();
  }

  get canvas(): HTMLCanvasElement {
    return this.#chart.canvas;
  }

  #timeTicks(width: number): { value: number }[] {
    if (!this.#frame) return [];
    const { from, to } = this.#frame;
    const step = timeStep(to - from, Math.max(2, width / TICK_EVERY_PX));
    this.#step = step;
    return timeTicks(from, to, step).map((value) => ({ value }));
  }

  #paint(chart: Chart): void {
    const frame = this.#frame;
    const { ctx: context, chartArea: area, scales } = chart;
    if (!frame || !scales['x'] || !scales['y']) return;
    const map = mapping(frame, area, scales['y']);
    context.save();
    context.beginPath();
    context.rect(area.left, 0, area.width, area.bottom);
    context.clip();
    const style = { ...frame.colours, width: 1.75 };
    paintTrace(context, frame.columns, frame.gaps, map, style, frame.now);
    context.restore();
    paintMarkers(context, frame, map, area);
    context.fillStyle = frame.colours.muted;
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'alphabetic';
    context.fillText(frame.unit, 0, UNIT_BASELINE_PX);
  }
}

function mapping(
  frame: Frame,
  area: { left: number; width: number; top: number; bottom: number },
  y: { getPixelForValue(value: number): number },
): Mapping {
  const perMs = area.width / (frame.to - frame.from);
  const floor = frame.kind === 'log' ? frame.range.min : Number.NEGATIVE_INFINITY;
  return {
    x: (time) => area.left + (time - frame.from) * perMs,
    y: (value) => y.getPixelForValue(Math.max(value, floor)),
    top: area.top,
    bottom: area.bottom,
  };
}
