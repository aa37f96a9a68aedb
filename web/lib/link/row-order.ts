import type { Row } from '../../../shared/row.ts';

/** As many as the service keeps: rows from further back are of another start of it. */
const MOST_BACK = 150_000;

/** Numbers of readings tell which rows are new, whoever brings them. */
export class RowOrder {
  /** Number of the last row that came; null: whatever comes is the first. */
  last: number | null = null;

  /** Whether no row is missing between the last one and these. */
  follows(rows: readonly Row[], lastSeq: number): boolean {
    const known = this.#known(rows, lastSeq);
    return known >= 0 && known <= MOST_BACK;
  }

  /** The rows that have not come yet. */
  unknownOf(rows: readonly Row[], lastSeq: number): readonly Row[] {
    const known = this.#known(rows, lastSeq);
    if (known < rows.length) this.last = lastSeq;
    return rows.slice(known);
  }

  /** How many of these rows, or of those after them, have come. */
  #known(rows: readonly Row[], lastSeq: number): number {
    const before = lastSeq - rows.length;
    return (this.last ?? before) - before;
  }
}
