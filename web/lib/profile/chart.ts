import { Chart, LinearScale, LineController, LogarithmicScale, type Plugin } from 'chart.js';
import { axis } from '../format/number.ts';
import { valueTicks } from '../plot/value-ticks.ts';
import type { ValueRange } from '../series/value-range.ts';
import { type Place, paintScene } from './paint.ts';
import type { Scene } from './scene.ts';

Chart.register(LinearScale, LogarithmicScale, LineController);

const FONT_PX = 12;

/** The axis need not begin and end at powers of ten. */
function lightTicks({ min, max }: ValueRange): { value: number }[] {
  const decade = (value: number, round: (power: number) => number) =>
    10 ** round(Math.log10(value));
  const whole = { min: decade(min, Math.floor), max: decade(max, Math.ceil) };
  return valueTicks(whole, 'log').filter(({ value }) => value >= min && value <= max * 1.001);
}

/** Chart.js lays out the axes, light across and depth downwards; the dive is drawn on them. */
export class ProfileChart {
  /** Called when the plot has another size, or other axes. */
  laidOut: () => void = () => {};
  readonly #chart: Chart;
  #scene: Scene | null = null;

  constructor(canvas: HTMLCanvasElement) {
    const painter: Plugin = {
      id: 'profile',
      beforeDatasetsDraw: (chart) => this.#paint(chart),
      afterLayout: () => this.laidOut(),
    };
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [painter],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 28, right: 20 } },
        scales: {
          x: {
            type: 'logarithmic',
            border: { display: false },
            ticks: { maxRotation: 0, autoSkip: true, callback: (value) => axis(Number(value)) },
            afterBuildTicks: (scale) => {
              scale.ticks = lightTicks(scale);
            },
          },
          y: {
            type: 'linear',
            reverse: true,
            border: { display: false },
            ticks: { autoSkip: false, callback: (value) => axis(Number(value)) },
            afterBuildTicks: (scale) => {
              scale.ticks = valueTicks(scale, 'linear');
            },
          },
        },
      },
    });
  }

  get canvas(): HTMLCanvasElement {
    return this.#chart.canvas;
  }

  /** Pixels from the canvas's top at a depth in metres. */
  yOf(depth: number): number {
    return this.#chart.scales['y']?.getPixelForValue(depth) ?? 0;
  }

  /** Metres at so many pixels from the canvas's top. */
  depthAt(y: number): number {
    return this.#chart.scales['y']?.getValueForPixel(y) ?? 0;
  }

  draw(scene: Scene): void {
    this.#scene = scene;
    const { x, y } = this.#chart.options.scales ?? {};
    if (!x || !y) return;
    const { colours } = scene;
    const title = (text: string) => ({ display: true, text, color: colours.muted });
    Object.assign(x, {
      ...scene.axes.light,
      title: title(scene.unit ? `PAR, ${scene.unit}` : 'PAR'),
    });
    Object.assign(y, { ...scene.axes.depth, title: title('Depth, m') });
    for (const scale of [x, y]) {
      Object.assign(scale.grid ?? {}, { color: colours.grid, tickLength: 4 });
      Object.assign(scale.ticks ?? {}, { color: colours.muted, font: { size: FONT_PX } });
    }
    this.#chart.update('none');
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #paint(chart: Chart): void {
    const { ctx: context, chartArea: area, scales } = chart;
    const { x, y } = scales;
    if (!this.#scene || !x || !y) return;
    const place: Place = {
      x: (light) => x.getPixelForValue(light),
      y: (depth) => y.getPixelForValue(depth),
      ...{ left: area.left, right: area.right, top: area.top, bottom: area.bottom },
    };
    paintScene(context, this.#scene, place);
  }
}
