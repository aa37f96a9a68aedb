import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { textCell } from '../../shared/csv-cell.ts';
import type { Chunk } from '../../shared/session.ts';
import { rowFields } from './json-row.ts';

const COLUMNS = 'timestamp,sensor_id,mode,value,TempC,Vin,seq,elapsed_s\n';
const CSV_CHUNK_HEADER = 'timestamp,sensor_id,';
const CSV_CHUNK_COLUMNS = 6;
const BLOCK_CHARS = 256 * 1024;

/** Told of each line that is no row; it is left out. */
export type OnDamage = (detail: string) => void;

/** All rows of these chunks, in their order. */
export async function* csvOf(
  folder: string,
  chunks: readonly Chunk[],
  onDamage: OnDamage = () => undefined,
): AsyncGenerator<string> {
  let text = COLUMNS;
  for (const { filename } of chunks) {
    const line = filename.endsWith('.csv') ? csvLine : jsonLine;
    const input = createReadStream(join(folder, filename));
    let number = 0;
    for await (const row of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      const cells = line(row);
      if (cells === null)
        onDamage(`line ${number} of ${filename} is no row: it is left out of the table`);
      text += cells ?? '';
      if (text.length < BLOCK_CHARS) continue;
      yield text;
      text = '';
    }
  }
  yield text;
}

function jsonLine(row: string): string | null {
  const fields = rowFields(row);
  return fields && `${cells(fields).join(',')}\n`;
}

/** Chunks of CSV have six columns and know no quotes. */
function csvLine(row: string): string | null {
  if (row.startsWith(CSV_CHUNK_HEADER)) return '';
  const fields = row.split(',');
  return fields.length === CSV_CHUNK_COLUMNS ? `${cells(fields).join(',')},,\n` : null;
}

/** The sensor's id and that of a marker are text; all else is times, names of ours and digits. */
function cells([
  timestamp = '',
  sensorId = '',
  mode = '',
  value = '',
  ...rest
]: string[]): string[] {
  const isMarker = mode.startsWith('SYNC_');
  return [timestamp, textCell(sensorId), mode, isMarker ? textCell(value) : value, ...rest];
}
