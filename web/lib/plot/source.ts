import type { Series } from '../series/fill.ts';
import type { Limits } from './viewport.ts';

/** Where a plot takes its readings from. Asked for every picture, so nothing of it is reactive. */
export interface PlotSource {
  series(): Series;
  limits(): Limits;
  /** Counts up whenever there is something new to draw. */
  version(): number;
}
