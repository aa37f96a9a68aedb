import { setImmediate as turn } from 'node:timers/promises';
import type { Reading } from '../../shared/reading.ts';
import type { RowText } from '../../shared/stored-rows.ts';
import { readingRow } from './row-text.ts';

/** Rows in blocks small enough that nothing waits long for one to be worked on. */
export type RowBlocks = AsyncIterable<RowText[]>;

const BLOCK_ROWS = 500;

/** Readings in memory as blocks of rows; between two blocks everything else has its turn. */
export async function* readingRows(readings: Iterable<Reading>): AsyncGenerator<RowText[]> {
  let block: RowText[] = [];
  for (const reading of readings) {
    block.push(readingRow(reading));
    if (block.length < BLOCK_ROWS) continue;
    yield block;
    block = [];
    await turn();
  }
  if (block.length > 0) yield block;
}
