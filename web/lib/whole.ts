import { parseJson } from '../../shared/json.ts';

const LF = 10;
const QUOTE = 34;

/** What ends every ZIP that has no comment: this mark, and 18 bytes more. */
const ZIP_END = 'PK\u0005\u0006';
const ZIP_END_BYTES = 22;

/** Lines before the first row. */
const HEADER_LINES: Record<string, number> = { csv: 1, jsonl: 0 };

/**
 * Whether a download came whole. Behind the proxy of BlueOS 1.4 an answer without a length ends with
 * its connection, also where that broke: then the file's end tells, or the number of its rows.
 * `rows` as the recorder told it beforehand; null where it did not.
 */
export async function isWhole(format: string, file: Blob, rows: number | null): Promise<boolean> {
  if (format === 'zip' || format === 'seabass')
    return isWholeZip(await lastOf(file, ZIP_END_BYTES));
  if (format === 'parquet') return isWholeParquet(file);
  if (format === 'geojson') return typeof parseJson(await file.text()) === 'object';
  if (format === 'gpx' || format === 'kml') return (await lastOf(file, 8)).includes(`</${format}>`);
  const header = HEADER_LINES[format];
  if (header === undefined || rows === null) return true;
  return (await linesOf(file, format === 'csv')) === rows + header;
}

const isWholeZip = (end: string) => end.length === ZIP_END_BYTES && end.startsWith(ZIP_END);

/** A footer, its length, and four letters, as at the beginning. */
async function isWholeParquet(file: Blob): Promise<boolean> {
  const end = new DataView(await file.slice(-8).arrayBuffer());
  const isMarked = (await lastOf(file, 4)) === 'PAR1';
  return isMarked && end.byteLength === 8 && end.getUint32(0, true) + 12 <= file.size;
}

/** The last bytes, each as a letter. */
async function lastOf(file: Blob, bytes: number): Promise<string> {
  return new TextDecoder('latin1').decode(await file.slice(-bytes).arrayBuffer());
}

/** Lines that have their end; `isCsv`: one inside of quotes is part of a cell. */
async function linesOf(file: Blob, isCsv: boolean): Promise<number> {
  const reader = file.stream().getReader();
  let [lines, isQuoted] = [0, false];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    for (const byte of part.value) {
      if (byte === QUOTE && isCsv) isQuoted = !isQuoted;
      else if (byte === LF && !isQuoted) lines += 1;
    }
  }
  return lines;
}
