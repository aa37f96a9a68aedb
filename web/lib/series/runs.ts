import type { Gap } from '../../../shared/series/gaps.ts';
import type { Columns } from './columns.ts';
import { isBroken } from './fill.ts';

/** A run of columns with no gap in it, as column numbers. */
export type Run = number[];

/** Cuts the columns that hold readings into runs at every hole. */
export function runsOf(columns: Columns, gaps: readonly Gap[]): Run[] {
  const runs: Run[] = [];
  let run: Run = [];
  for (let column = 0; column < columns.size; column += 1) {
    if (columns.count[column] === 0) continue;
    const left = run.at(-1);
    if (left !== undefined && isBroken(columns, left, column, gaps)) {
      runs.push(run);
      run = [];
    }
    run.push(column);
  }
  if (run.length > 0) runs.push(run);
  return runs;
}
