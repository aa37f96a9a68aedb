/** A JSON line of a chunk, its fields as the text that stands there: digits are never touched. */
const ROW = new RegExp(
  '^\\{"timestamp":"([^"\\\\]+)","sensor_id":("(?:[^"\\\\]|\\\\.)*"),"mode":"(\\w+)",' +
    '"value":("(?:[^"\\\\]|\\\\.)*"|[^,"]+),"TempC":([^,"]+),"Vin":([^,"]+),' +
    '"seq":(\\d+),"elapsed_s":([^,"}]+)\\}$',
);

/** timestamp, sensor_id, mode, value, TempC, Vin, seq, elapsed_s; '' for null. */
export function rowFields(line: string): string[] {
  const match = ROW.exec(line);
  if (match === null) throw new Error(`not a row of a chunk: ${line.slice(0, 200)}`);
  return match.slice(1).map(plain);
}

function plain(text: string): string {
  if (text === 'null') return '';
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}
