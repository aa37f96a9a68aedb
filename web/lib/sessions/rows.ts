/** Which rows of a long list to put into the page. */
export interface RowWindow {
  first: number;
  /** The row after the last one. */
  end: number;
  /** Pixels above and below that stand for the rows that are not there. */
  before: number;
  after: number;
}

const SPARE_ROWS = 8;

/** The rows that can be seen at a scroll position, and some more on both sides. */
export function rowWindow(
  count: number,
  rowPx: number,
  scrollTop: number,
  viewPx: number,
): RowWindow {
  const top = Math.floor(Math.max(0, scrollTop) / rowPx) - SPARE_ROWS;
  const first = Math.min(Math.max(0, top), count);
  const shown = Math.ceil(viewPx / rowPx) + 2 * SPARE_ROWS;
  const end = Math.min(count, first + shown);
  return { first, end, before: first * rowPx, after: (count - end) * rowPx };
}
