import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { chunkRows } from './chunk-rows.ts';
import { isMarker, type RowText } from './row-text.ts';

/** Chunk files as one file of JSON lines: the bytes of JSON chunks as they are, CSV rows put into JSON. */
export function sessionJsonl(paths: readonly string[]): Readable {
  return Readable.from(joined(paths), { objectMode: false });
}

async function* joined(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of paths) yield* path.endsWith('.csv') ? jsonLines(path) : createReadStream(path);
}

async function* jsonLines(path: string): AsyncGenerator<Buffer> {
  for await (const rows of chunkRows([path])) yield Buffer.from(rows.map(jsonLine).join(''));
}

function jsonLine(row: RowText): string {
  const value = isMarker(row) ? JSON.stringify(row.value) : row.value;
  return (
    `{"timestamp":"${row.timestamp}","sensor_id":${JSON.stringify(row.sensorId)},` +
    `"mode":"${row.mode}","value":${value},` +
    `"TempC":${row.temperature || null},"Vin":${row.voltage || null}}\n`
  );
}
