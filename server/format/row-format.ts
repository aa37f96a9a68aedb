import { isoMicros } from '../../shared/clock.ts';
import { type RowSource, rowPrefix } from '../../shared/row.ts';
import {
  CSV_ROWS,
  JSON_ROWS,
  type RowText,
  rowOfShape,
  type StoredRows,
} from '../../shared/stored-rows.ts';

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

/** Exactly what exports take for a row: what one of them leaves out is damage for the other. */
function rowReader({ shape, parse }: StoredRows): (line: string) => RowText | null {
  const whole = new RegExp(`^${shape}$`);
  return (line) => {
    const text = `${line}\n`;
    const match = whole.exec(text);
    if (match) return rowOfShape(match);
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof Error) return null;
      throw error;
    }
  };
}

const jsonRow = rowReader(JSON_ROWS);
const csvRow = rowReader(CSV_ROWS);

/** JSON Lines: the row as clients see it live, then `seq` and `elapsed_s`. */
const jsonl: RowFormat = {
  name: 'jsonl',
  header: '',
  line: (row, seq, elapsed, prefix = rowPrefix(row)) =>
    `${prefix},"seq":${seq},"elapsed_s":${sixDecimals(elapsed)}}\n`,
  read(line) {
    const row = jsonRow(line);
    if (row === null || !Number.isSafeInteger(Number(row.seq))) return null;
    const { timestamp, sensorId, seq, elapsed } = row;
    return { timestamp, sensorId, seq: Number(seq), elapsed: Number(elapsed) };
  },
};

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
    const row = line.includes('\0') ? null : csvRow(line);
    return row && { timestamp: row.timestamp, sensorId: row.sensorId, seq: null, elapsed: null };
  },
};

export const ROW_FORMATS = { jsonl, csv } as const;
export type FormatName = keyof typeof ROW_FORMATS;
