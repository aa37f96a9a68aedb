import { Readable } from 'node:stream';
import { isoMicros } from '../../shared/clock.ts';
import { textCell } from '../../shared/csv-cell.ts';
import type { Reading } from '../../shared/reading.ts';
import type { RowText } from '../../shared/stored-rows.ts';
import type { ReferenceTime } from '../../shared/time/reference-clock.ts';
import { chunkRows, type OnDamage } from './chunk-rows.ts';
import { type RowBlocks, readingRows } from './row-blocks.ts';
import type { JoinedColumn, RowJoin } from './row-join.ts';
import { isMarker } from './row-text.ts';

const READING_COLUMNS = 'timestamp,sensor_id,mode,value,TempC,Vin';
const SESSION_COLUMNS = `${READING_COLUMNS},seq,elapsed_s`;
/** Millimetres: the vehicle's own sensor resolves no more. */
const DEPTH_DECIMALS = 3;
const UNCERTAINTY_DECIMALS = 4;

/**
 * Chunk files as one CSV file. Digits are those of the chunks; what is null stays empty. With
 * something to join, its columns come last. Without `onDamage` it ends at the first damaged line.
 */
export function sessionCsv(
  paths: Iterable<string>,
  join: RowJoin | null = null,
  onDamage?: OnDamage,
): Readable {
  const line = (row: RowText) => `${readingLine(row)},${row.seq},${row.elapsed}`;
  const whole = join ? joinedLine(line, join) : (row: RowText) => `${line(row)}\n`;
  const header = [SESSION_COLUMNS, ...(join?.columns ?? [])].join(',');
  return Readable.from(csvBytes(header, chunkRows(paths, onDamage), whole), { objectMode: false });
}

function joinedLine(line: (row: RowText) => string, join: RowJoin): (row: RowText) => string {
  const texts: Record<JoinedColumn, (row: RowText) => string> = {
    depth_m: (row) => join.depth(row)?.toFixed(DEPTH_DECIMALS) ?? '',
    marker: (row) => textCell(join.marker(row) ?? ''),
    time_utc: (row) => timeText(join.time(row)),
    time_uncertainty_s: (row) => join.time(row)?.uncertaintyS.toFixed(UNCERTAINTY_DECIMALS) ?? '',
  };
  const columns = join.columns.map((column) => texts[column]);
  return (row) => `${[line(row), ...columns.map((text) => text(row))].join(',')}\n`;
}

const timeText = (time: ReferenceTime | null) => (time === null ? '' : isoMicros(time.micros));

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
    `${row.timestamp},${textCell(row.sensorId)},${row.mode},` +
    `${isMarker(row) ? textCell(row.value) : row.value},${row.temperature},${row.voltage}`
  );
}
