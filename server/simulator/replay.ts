import { readFile } from 'node:fs/promises';
import { parseIsoMicros } from '../../shared/clock.ts';
import type { Averages } from './board.ts';
import type { Settings } from './settings.ts';
import { simulatedSerial } from './spec.ts';

/** A recording to be sent once more. */
export interface Replay {
  averages: Averages;
  /** The file's sensor id (with `SIM` before it), and which fields it has. */
  settings: Pick<Settings, 'serial' | 'temperature' | 'voltage'>;
}

interface Row {
  micros: number;
  sensorId: string;
  value: string;
  temperature: string;
  voltage: string;
}

const HEADER = 'timestamp,sensor_id,mode,value,TempC,Vin';
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * Reads a CSV with the columns `timestamp,sensor_id,mode,value,TempC,Vin`. TempC and
 * Vin may be empty, in all rows alike.
 * @throws Error that says which file and which line are wrong, and how
 */
export async function loadReplay(path: string): Promise<Replay> {
  const content = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new Error(`Cannot read the file to replay: ${cause.message}`, { cause });
  });
  return parseReplay(content, path);
}

export function parseReplay(content: string, path: string): Replay {
  const [header = '', ...lines] = content.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (header !== HEADER) {
    throw new Error(
      `${path} cannot be replayed: its first line is "${header.slice(0, 80)}", not "${HEADER}"`,
    );
  }
  const rows = lines
    .filter((line) => line !== '')
    .map((line, i) => parseRow(line, `${path} line ${i + 2}`));
  const [first] = rows;
  if (!first) throw new Error(`${path} cannot be replayed: it has no rows`);
  const odd = rows.findIndex((row) => !hasSameFields(row, first));
  if (odd > 0)
    throw new Error(`${path} line ${odd + 2}: TempC and Vin must be empty in all rows or in none`);
  return {
    averages: averagesOfRows(rows),
    settings: {
      serial: simulatedSerial(first.sensorId),
      temperature: first.temperature !== '',
      voltage: first.voltage !== '',
    },
  };
}

const hasSameFields = (a: Row, b: Row): boolean =>
  (a.temperature === '') === (b.temperature === '') && (a.voltage === '') === (b.voltage === '');

function parseRow(line: string, where: string): Row {
  const fields = line.split(',');
  const [timestamp = '', sensorId = '', , value = '', temperature = '', voltage = ''] = fields;
  if (fields.length !== HEADER.split(',').length) {
    throw new Error(`${where} has ${fields.length} fields, not ${HEADER.split(',').length}`);
  }
  const micros = parseIsoMicros(timestamp);
  if (Number.isNaN(micros)) throw new Error(`${where}: "${timestamp}" is no ISO 8601 time`);
  if (!NUMBER.test(value)) throw new Error(`${where}: the value "${value}" is no decimal number`);
  for (const field of [temperature, voltage]) {
    if (field !== '' && !NUMBER.test(field))
      throw new Error(`${where}: "${field}" is no decimal number`);
  }
  return { micros, sensorId, value, temperature, voltage };
}

const decimalsOf = (value: string): number => value.split('.')[1]?.length ?? 0;

/**
 * Each row as long after the one before as in the file; a clock set back counts as no time. A device
 * always sends the same number of decimals: zeros that the file's writer dropped are put back.
 */
function averagesOfRows(rows: Row[]): Averages {
  const decimals = rows.reduce((most, { value }) => Math.max(most, decimalsOf(value)), 0);
  return (count, began) => {
    const row = rows[count];
    if (!row) return null;
    const { temperature, voltage } = row;
    const point = decimals > 0 && !row.value.includes('.') ? '.' : '';
    const value = row.value + point + '0'.repeat(decimals - decimalsOf(row.value));
    const seconds = (row.micros - (rows[count - 1] ?? row).micros) / 1e6;
    return { at: began + Math.max(0, seconds), value, temperature, voltage };
  };
}
