import type { Columns } from '../series/columns.ts';
import type { PlotMarker } from './markers.ts';

/** What stands under the pointer. */
export interface Readout {
  time: number;
  lo: number;
  hi: number;
  mean: number;
  event: PlotMarker | null;
}

const REACH_COLUMNS = 6;

function nearestColumn(columns: Columns, time: number): number | null {
  const middle = columns.at(time);
  for (let away = 0; away <= REACH_COLUMNS; away += 1) {
    for (const column of [middle - away, middle + away]) {
      if (column >= 0 && column < columns.size && (columns.count[column] as number) > 0)
        return column;
    }
  }
  return null;
}

/** The readings of the column under a time, or of one close by; null where there are none. */
export function readoutAt(
  columns: Columns,
  time: number,
  markers: readonly PlotMarker[],
): Readout | null {
  const column = nearestColumn(columns, time);
  if (column === null) return null;
  const near = REACH_COLUMNS * columns.width;
  return {
    time: columns.middle(column),
    lo: columns.lo[column] as number,
    hi: columns.hi[column] as number,
    mean: columns.mean(column),
    event: markers.find((marker) => Math.abs(marker.time - time) < near) ?? null,
  };
}
