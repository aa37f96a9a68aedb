import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Chunk } from '../../shared/session.ts';
import { rowFields } from './json-row.ts';

const COLUMNS = 'timestamp,sensor_id,mode,value,TempC,Vin,seq,elapsed_s\n';
const CSV_CHUNK_HEADER = 'timestamp,sensor_id,';
const BLOCK_CHARS = 256 * 1024;

/** All rows of these chunks, in their order. */
export async function* csvOf(folder: string, chunks: readonly Chunk[]): AsyncGenerator<string> {
  let text = COLUMNS;
  for (const { filename } of chunks) {
    const line = filename.endsWith('.csv') ? csvLine : jsonLine;
    const input = createReadStream(join(folder, filename));
    for await (const row of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      text += line(row);
      if (text.length < BLOCK_CHARS) continue;
      yield text;
      text = '';
    }
  }
  yield text;
}

function jsonLine(row: string): string {
  return `${rowFields(row).map(quoted).join(',')}\n`;
}

/** Chunks of CSV have six columns and know no quotes. */
function csvLine(row: string): string {
  return row.startsWith(CSV_CHUNK_HEADER) ? '' : `${row},,\n`;
}

/** Quotes as RFC 4180 asks for. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
