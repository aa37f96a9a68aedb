import { Readable } from 'node:stream';
import type { Reading } from '../../shared/reading.ts';
import { chunkRows } from './chunk-rows.ts';
import { type RowBlocks, readingRows } from './row-blocks.ts';
import type { RowText } from './row-text.ts';

const READING_COLUMNS = 'timestamp,sensor_id,mode,value,TempC,Vin';
const SESSION_COLUMNS = `${READING_COLUMNS},seq,elapsed_s`;

/** Chunk files as one CSV file. Digits are those of the chunks; what is null stays empty. */
export function sessionCsv(paths: readonly string[]): Readable {
  const line = (row: RowText) => `${readingLine(row)},${row.seq},${row.elapsed}\n`;
  return Readable.from(csvBytes(SESSION_COLUMNS, chunkRows(paths), line), { objectMode: false });
}

/** Readings in memory as one CSV file. */
export function memoryCsv(readings: Iterable<Reading>): Readable {
  const line = (row: RowText) => `${readingLine(row)}\n`;
  return Readable.from(csvBytes(READING_COLUMNS, readingRows(readings), line), {
    objectMode: false,
  });
}

async function* csvBytes(
  header: string,
  blocks: RowBlocks,
  line: (row: RowText) => string,
): AsyncGenerator<Buffer> {
  yield Buffer.from(`${header}\n`);
  for await (const rows of blocks) {
    let text = '';
    for (const row of rows) text += line(row);
    if (text !== '') yield Buffer.from(text);
  }
}

function readingLine(row: RowText): string {
  return (
    `${row.timestamp},${quoted(row.sensorId)},${row.mode},` +
    `${row.value},${row.temperature},${row.voltage}`
  );
}

/** Quotes as RFC 4180 asks for; nothing but ids (and ids of markers) can need them. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
