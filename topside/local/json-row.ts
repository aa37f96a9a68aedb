import { parseJson } from '../../shared/json.ts';

/** A JSON line of a chunk, its fields as the text that stands there: digits are never touched. */
const ROW = new RegExp(
  '^\\{"timestamp":"([^"\\\\]+)","sensor_id":("(?:[^"\\\\]|\\\\.)*"),"mode":"(\\w+)",' +
    '"value":("(?:[^"\\\\]|\\\\.)*"|[^,"]+),"TempC":([^,"]+),"Vin":([^,"]+),' +
    '"seq":(\\d+),"elapsed_s":([^,"}]+)\\}$',
);

/** timestamp, sensor_id, mode, value, TempC, Vin, seq, elapsed_s; '' for null. null where the line is no row. */
export function rowFields(line: string): string[] | null {
  const fields = ROW.exec(line)?.slice(1).map(plain) ?? [null];
  return fields.every((field) => field !== null) ? fields : null;
}

function plain(text: string): string | null {
  if (text === 'null') return '';
  if (!text.startsWith('"')) return text;
  const value = parseJson(text);
  return typeof value === 'string' ? value : null;
}
