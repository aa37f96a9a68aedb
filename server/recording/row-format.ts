import { isoMicros, parseIsoMicros } from '../../shared/clock.ts';
import { type RowSource, rowPrefix } from '../../shared/row.ts';

/** What recovery and the chunk's bounds need to know of a row that lies on disk. */
export interface RowFacts {
  timestamp: string;
  sensorId: string;
  /** null where the format does not carry it. */
  seq: number | null;
  /** Monotonic seconds since the session began; null where the format does not carry it. */
  elapsed: number | null;
}

/** How recovery tells a whole row from anything else. */
export interface RowReader {
  /** First line of each file with its line end, or nothing. */
  readonly header: string;
  /** null where the text is not exactly one row of this format. */
  read(line: string): RowFacts | null;
}

/** How the rows of a session lie on disk; chosen when the session starts. */
export interface RowFormat extends RowReader {
  readonly name: 'jsonl' | 'csv';
  /** The whole line. `prefix` is rowPrefix(row), given where the caller has it already. */
  line(row: RowSource, seq: number, elapsed: number, prefix?: string): string;
}

/** Seconds as a row tells them. */
export function wholeMicros(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

/** Seconds with six decimals; faster than toFixed, which is half of a row's cost. */
export function sixDecimals(seconds: number): string {
  const micros = Math.round(seconds * 1e6);
  const whole = Math.floor(micros / 1e6);
  return `${whole}.${String(micros - whole * 1e6 + 1e6).slice(1)}`;
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isTime(text: unknown): text is string {
  return typeof text === 'string' && !Number.isNaN(parseIsoMicros(text));
}

/** JSON Lines: the row as clients see it live, then `seq` and `elapsed_s`. */
const jsonl: RowFormat = {
  name: 'jsonl',
  header: '',
  line: (row, seq, elapsed, prefix = rowPrefix(row)) =>
    `${prefix},"seq":${seq},"elapsed_s":${sixDecimals(elapsed)}}\n`,
  read(line) {
    const row = parseObject(line);
    if (row === null) return null;
    const { timestamp, sensor_id: sensorId, value, seq, elapsed_s: elapsed } = row;
    if (!isTime(timestamp) || typeof sensorId !== 'string' || value === undefined) return null;
    if (!Number.isSafeInteger(seq) || typeof seq !== 'number' || seq < 0) return null;
    return typeof elapsed === 'number' ? { timestamp, sensorId, seq, elapsed } : null;
  },
};

const CSV_FIELDS = 6;

/** Readers of this form split at every comma and know no quotes. */
function csvText(text: string): string {
  return text.replaceAll(/[,"\r\n]/g, ' ');
}

/** A marker's value is a JSON string, a reading's a number: neither keeps its quotes here. */
function csvValue(value: string): string {
  return value.startsWith('"') ? csvText(String(JSON.parse(value))) : value;
}

/** Comma-separated, for clients that know nothing else: the six columns of the contract. */
const csv: RowFormat = {
  name: 'csv',
  header: 'timestamp,sensor_id,mode,value,TempC,Vin\n',
  line(row) {
    const time = isoMicros(row.wallMicros).replace('Z', '+00:00');
    const sensor = csvText(row.sensorId);
    const { temperature, voltage } = row;
    return `${time},${sensor},${row.mode},${csvValue(row.value)},${temperature ?? ''},${voltage ?? ''}\n`;
  },
  read(line) {
    const fields = line.split(',');
    const [timestamp, sensorId, mode, value] = fields;
    if (fields.length !== CSV_FIELDS || !isTime(timestamp)) return null;
    if (sensorId === undefined || !mode || !value || line.includes('\0')) return null;
    return { timestamp, sensorId, seq: null, elapsed: null };
  },
};

export const ROW_FORMATS = { jsonl, csv } as const;
export type FormatName = keyof typeof ROW_FORMATS;
