import { xml } from '../track/xml.ts';

export type Span = readonly [from: number, to: number];

export interface Axes {
  x: Span;
  y: Span;
  width: number;
  height: number;
}

/** Where the numbers of the axes have their room. */
const MARGIN = { left: 60, right: 16, top: 8, bottom: 22 };

/** Coordinates of an SVG picture with an axis to the left and one below; y may grow downwards. */
export class Plot {
  readonly width: number;
  readonly height: number;
  readonly #axes: Axes;

  constructor(axes: Axes) {
    this.#axes = axes;
    this.width = axes.width;
    this.height = axes.height;
  }

  x(value: number): number {
    const { x, width } = this.#axes;
    return MARGIN.left + share(value, x) * (width - MARGIN.left - MARGIN.right);
  }

  y(value: number): number {
    const { y, height } = this.#axes;
    return height - MARGIN.bottom - share(value, y) * (height - MARGIN.top - MARGIN.bottom);
  }

  /** A line through points; it breaks where one of them is null. */
  line(points: readonly (readonly [x: number, y: number] | null)[], kind: string): string {
    let isDrawn = false;
    const steps = points.map((point) => {
      const step = point && `${isDrawn ? 'L' : 'M'}${this.#at(point)}`;
      isDrawn = point !== null;
      return step ?? '';
    });
    return `<path class="${kind}" d="${steps.join('')}"/>`;
  }

  /** The surface between two lines over the same x. */
  band(points: readonly (readonly [x: number, low: number, high: number])[]): string {
    const up = points.map(([x, , high]) => this.#at([x, high]));
    const back = points.map(([x, low]) => this.#at([x, low])).reverse();
    return points.length === 0 ? '' : `<path class="band" d="M${[...up, ...back].join('L')}Z"/>`;
  }

  dot([x, y]: readonly [number, number], kind: string): string {
    return `<circle class="${kind}" cx="${px(this.x(x))}" cy="${px(this.y(y))}" r="2"/>`;
  }

  /** A stripe over the whole height. */
  stripe(from: number, to: number): string {
    const width = Math.max(1, this.x(to) - this.x(from));
    const height = this.height - MARGIN.top - MARGIN.bottom;
    return `<rect class="gap" x="${px(this.x(from))}" y="${MARGIN.top}" width="${px(width)}" height="${height}"/>`;
  }

  xTicks(ticks: readonly (readonly [value: number, label: string])[]): string {
    const bottom = this.height - MARGIN.bottom;
    return ticks
      .map(([value, label]) => {
        const x = px(this.x(value));
        return `<path class="grid" d="M${x} ${MARGIN.top}V${bottom}"/><text class="mid" x="${x}" y="${bottom + 14}">${xml(label)}</text>`;
      })
      .join('');
  }

  yTicks(ticks: readonly (readonly [value: number, label: string])[]): string {
    const right = this.width - MARGIN.right;
    return ticks
      .map(([value, label]) => {
        const y = px(this.y(value));
        return `<path class="grid" d="M${MARGIN.left} ${y}H${right}"/><text class="end" x="${MARGIN.left - 4}" y="${y}" dy="3">${xml(label)}</text>`;
      })
      .join('');
  }

  /** The picture; `name` is for those who can't see it. */
  picture(name: string, parts: readonly string[]): string {
    return `<svg viewBox="0 0 ${this.width} ${this.height}" role="img" aria-label="${xml(name)}">${parts.join('')}</svg>`;
  }

  #at([x, y]: readonly [number, number]): string {
    return `${px(this.x(x))} ${px(this.y(y))}`;
  }
}

const share = (value: number, [from, to]: Span) => (value - from) / (to - from || 1);
const px = (value: number) => Math.round(value * 10) / 10;
