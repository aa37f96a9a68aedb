import type { RowText } from './row-text.ts';

/** How the rows of a chunk are written. */
export interface RowFormat {
  /** First line of each chunk, or null. */
  header: string | null;
  /**
   * Regular expression of a line with its end, one group for each field of
   * RowText in order: with the sticky flag it reads a million rows in half a second.
   */
  shape: string;
  /** Reads a line that the shape does not fit; throws an Error that says what is wrong. */
  parse(line: string): RowText;
}

const TIME =
  '(\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d' +
  '(?:\\.\\d{1,6})?(?:Z|\\+00:00))';
const NUMBER = '-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?';

/** A string or a bare token after each key: text of the fields, digits untouched. */
const FIELD = '("(?:[^"\\\\]|\\\\.)*")\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|[^,}\\s]+)';

/** Chunks of JSON lines, as shared/row.ts begins them. */
export const JSON_ROWS: RowFormat = {
  header: null,
  shape:
    `\\{"timestamp":"${TIME}","sensor_id":"([^"\\\\\\u0000-\\u001f]*)","mode":"(freerun|polled)",` +
    `"value":(${NUMBER}),"TempC":(${NUMBER}|null),"Vin":(${NUMBER}|null),` +
    `"seq":(\\d+),"elapsed_s":(${NUMBER})\\}\\n`,
  parse: parseJsonRow,
};

/** Chunks of CSV, six columns and no quotes. */
export const CSV_ROWS: RowFormat = {
  header: 'timestamp,sensor_id,mode,value,TempC,Vin',
  shape:
    `${TIME},([^,\\r\\n]*),(?=(?:freerun|polled),${NUMBER},|SYNC_(?:START|STOP),)` +
    `(\\w+),([^,\\r\\n]+),(${NUMBER}|),(${NUMBER}|)\\r?\\n`,
  parse: () => {
    throw new Error('not a row of timestamp,sensor_id,mode,value,TempC,Vin');
  },
};

export function formatOf(filename: string): RowFormat {
  return filename.endsWith('.csv') ? CSV_ROWS : JSON_ROWS;
}

/** Any JSON object with the fields of a row: escaped ids, blanks, more fields, markers. */
function parseJsonRow(line: string): RowText {
  const parsed: unknown = JSON.parse(line);
  const texts = new Map<unknown, string>();
  for (const [, key = '', text = ''] of line.matchAll(new RegExp(FIELD, 'g'))) {
    texts.set(JSON.parse(key), text);
  }
  const field = (key: string, pattern: string) =>
    fieldText(key, property(parsed, key), texts.get(key), pattern);
  const mode = field('mode', 'freerun|polled|SYNC_START|SYNC_STOP');
  return {
    timestamp: field('timestamp', TIME),
    sensorId: field('sensor_id', '[^]*'),
    mode,
    value: field('value', mode.startsWith('SYNC_') ? '[^]+' : NUMBER),
    temperature: field('TempC', `${NUMBER}|`),
    voltage: field('Vin', `${NUMBER}|`),
    seq: field('seq', '\\d+'),
    elapsed: field('elapsed_s', NUMBER),
  };
}

function property(parsed: unknown, key: string): unknown {
  return typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, key)
    ? parsed[key as keyof typeof parsed]
    : undefined;
}

/** The parsed value says what the text must mean, so that a nested key is never taken for a field. */
function fieldText(key: string, value: unknown, text: string | undefined, pattern: string): string {
  const same = text !== undefined && Object.is(JSON.parse(text), value);
  const field = typeof value === 'string' ? value : value === null ? '' : text;
  if (!same || field === undefined || !new RegExp(`^(?:${pattern})$`).test(field)) {
    throw new Error(`${key} is missing or not what it should be`);
  }
  return field;
}
