/** A row with the text of its fields as it stands in the chunk; '' where nothing is. */
export interface RowText {
  timestamp: string;
  sensorId: string;
  /** freerun or polled; SYNC_START or SYNC_STOP for a marker. */
  mode: string;
  /** A JSON number; a marker's id. */
  value: string;
  temperature: string;
  voltage: string;
  seq: string;
  elapsed: string;
}

/** How a line of a chunk is told from anything else, and what stands in it. */
export interface StoredRows {
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
export const JSON_ROWS: StoredRows = {
  header: null,
  shape:
    `\\{"timestamp":"${TIME}","sensor_id":"([^"\\\\\\u0000-\\u001f]*)","mode":"(freerun|polled)",` +
    `"value":(${NUMBER}),"TempC":(${NUMBER}|null),"Vin":(${NUMBER}|null),` +
    `"seq":(\\d+),"elapsed_s":(${NUMBER})\\}\\n`,
  parse: parseJsonRow,
};

/** Chunks of CSV, six columns and no quotes. */
export const CSV_ROWS: StoredRows = {
  header: 'timestamp,sensor_id,mode,value,TempC,Vin',
  shape:
    `${TIME},([^,\\r\\n]*),(?=(?:freerun|polled),${NUMBER},|SYNC_(?:START|STOP),)` +
    `(\\w+),([^,\\r\\n]+),(${NUMBER}|),(${NUMBER}|)\\r?\\n`,
  parse: () => {
    throw new Error('not a row of timestamp,sensor_id,mode,value,TempC,Vin');
  },
};

export function storedRowsOf(filename: string): StoredRows {
  return filename.endsWith('.csv') ? CSV_ROWS : JSON_ROWS;
}

/** The fields of a line that {@link StoredRows.shape} fits. */
export function rowOfShape(match: RegExpExecArray): RowText {
  return {
    timestamp: match[1] ?? '',
    sensorId: match[2] ?? '',
    mode: match[3] ?? '',
    value: match[4] ?? '',
    temperature: orNothing(match[5]),
    voltage: orNothing(match[6]),
    seq: match[7] ?? '',
    elapsed: match[8] ?? '',
  };
}

function orNothing(text: string | undefined): string {
  return text === undefined || text === 'null' ? '' : text;
}

/** Any JSON object with the fields of a row: escaped ids, blanks, more fields, markers. */
function parseJsonRow(line: string): RowText {
  const fields = new JsonFields(line);
  const mode = fields.string('mode', 'freerun|polled|SYNC_START|SYNC_STOP');
  return {
    timestamp: fields.string('timestamp', TIME),
    sensorId: fields.string('sensor_id', '[^]*'),
    mode,
    value: mode.startsWith('SYNC_') ? fields.string('value', '[^]+') : fields.number('value'),
    temperature: fields.numberOrNull('TempC'),
    voltage: fields.numberOrNull('Vin'),
    seq: fields.number('seq', '\\d+'),
    elapsed: fields.number('elapsed_s'),
  };
}

/** The fields of a JSON object, numbers with the digits that stand there. */
class JsonFields {
  readonly #values: Map<string, unknown>;
  readonly #texts = new Map<unknown, string>();

  constructor(line: string) {
    const parsed: unknown = JSON.parse(line);
    this.#values = new Map(Object.entries(parsed ?? {}));
    for (const [, key = '', text = ''] of line.matchAll(new RegExp(FIELD, 'g'))) {
      this.#texts.set(JSON.parse(key), text);
    }
  }

  string(key: string, pattern: string): string {
    const value = this.#values.get(key);
    if (typeof value !== 'string' || !fits(value, pattern)) throw unusable(key);
    return value;
  }

  /** The text must mean the parsed value: a key of an inner object is never taken for a field. */
  number(key: string, pattern = NUMBER): string {
    const text = this.#texts.get(key) ?? '';
    if (!fits(text, pattern) || !Object.is(Number(text), this.#values.get(key))) {
      throw unusable(key);
    }
    return text;
  }

  numberOrNull(key: string): string {
    return this.#values.get(key) === null ? '' : this.number(key);
  }
}

function fits(text: string, pattern: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(text);
}

function unusable(key: string): Error {
  return new Error(`${key} is missing or not what it should be`);
}
