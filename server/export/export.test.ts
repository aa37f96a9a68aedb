import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Reading } from '../../shared/reading.ts';
import { rowPrefix } from '../../shared/row.ts';
import { memoryCsv, sessionCsv } from './csv.ts';
import { sessionJsonl } from './jsonl.ts';
import { memoryParquet, sessionParquet } from './parquet/parquet.ts';

const CHUNKS = 3;
const ROWS_PER_CHUNK = 4000;
const VALUES = ['0.010046', '0.000066', '-0.5', '1234567.12345678', '0.0'];
const SENSOR_ID = 'QSR-2150 "deep", no 7';
const TYPES = `{timestamp: 'TIMESTAMPTZ', sensor_id: 'VARCHAR', mode: 'VARCHAR', value: 'DOUBLE',
  TempC: 'DOUBLE', Vin: 'DOUBLE', seq: 'BIGINT', elapsed_s: 'DOUBLE'}`;

let folder: string;
let chunks: string[];
let sql: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  chunks = Array.from({ length: CHUNKS }, (_, index) => join(folder, `chunk_0000${index}.jsonl`));
  for (const [index, path] of chunks.entries()) await writeFile(path, chunkText(index));
  sql = await (await DuckDBInstance.create()).connect();
  await sql.run("SET TimeZone = 'UTC'");
});
afterAll(async () => {
  sql.closeSync();
  await rm(folder, { recursive: true });
});

function reading(seq: number): Reading {
  return {
    wallMicros: 1_762_957_845_000_000 + seq * 2061,
    mono: seq / 485,
    sensorId: seq % 3 === 0 ? SENSOR_ID : 'serial ######   ',
    mode: seq < 100 ? 'polled' : 'freerun',
    value: VALUES[seq % VALUES.length] ?? '0',
    temperature: seq % 7 === 0 ? null : (20 + (seq % 40) * 0.41).toFixed(2),
    voltage: seq % 11 === 0 ? null : '7.494',
  };
}

function chunkText(index: number): string {
  return Array.from({ length: ROWS_PER_CHUNK }, (_, row) => {
    const seq = index * ROWS_PER_CHUNK + row;
    return `${rowPrefix(reading(seq))},"seq":${seq},"elapsed_s":${(seq / 485).toFixed(6)}}\n`;
  }).join('');
}

async function saved(stream: Readable, filename: string): Promise<string> {
  const path = join(folder, filename);
  await pipeline(stream, createWriteStream(path));
  return path;
}

async function query(statement: string): Promise<unknown[]> {
  return (await sql.runAndReadAll(statement)).getRowObjectsJson();
}

/** Rows that one of two tables has and the other has not. */
function differences(a: string, b: string): Promise<unknown[]> {
  return query(`(FROM ${a} EXCEPT ALL FROM ${b}) UNION ALL (FROM ${b} EXCEPT ALL FROM ${a})`);
}

const chunkTable = () => `read_json('${folder}/chunk_*.jsonl', columns = ${TYPES})`;

describe('the CSV of a session', () => {
  it('holds the rows of the chunks', async () => {
    const path = await saved(sessionCsv(chunks), 'session.csv');
    const table = `read_csv('${path}', columns = ${TYPES}, header = true)`;
    expect(await query(`SELECT count(*)::INT AS n FROM ${table}`)).toEqual([{ n: 12_000 }]);
    expect(await differences(table, chunkTable())).toEqual([]);
  });

  it('has the digits of the chunk, and quotes only where they are needed', async () => {
    const lines = (await text(sessionCsv(chunks))).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'timestamp,sensor_id,mode,value,TempC,Vin,seq,elapsed_s',
      '2025-11-12T14:30:45.000000Z,"QSR-2150 ""deep"", no 7",polled,0.010046,,,0,0.000000',
      '2025-11-12T14:30:45.002061Z,serial ######   ,polled,0.000066,20.41,7.494,1,0.002062',
    ]);
    expect(lines.at(-1)).toBe('');
  });

  it('is a header alone when there are no chunks', async () => {
    expect((await text(sessionCsv([]))).split('\n')).toHaveLength(2);
  });

  it('opens a chunk only when its turn comes', async () => {
    const gone = join(folder, 'chunk_00009.jsonl');
    const stream = sessionCsv([...chunks.slice(0, 1), gone]);
    const rows: string[] = [];
    const reading = async () => {
      for await (const bytes of stream) rows.push(String(bytes));
    };
    await expect(reading()).rejects.toThrow('ENOENT');
    expect(rows.join('').split('\n')).toHaveLength(ROWS_PER_CHUNK + 2);
  });

  it('closes its file when the client goes away', async () => {
    const stream = sessionCsv(chunks);
    for await (const bytes of stream) {
      if (bytes.length > 100) break;
    }
    await vi.waitFor(async () => expect(await openFiles()).toEqual([]));
  });

  it('ends with an error that names a damaged line, after the rows before it', async () => {
    const damaged = join(folder, 'damaged_00000.jsonl');
    await writeFile(damaged, chunkText(0).replace('"seq":3000', '"seq":3x00'));
    await expect(text(sessionCsv([damaged]))).rejects.toThrow(
      'damaged_00000.jsonl, line 3001 is damaged',
    );
  });
});

/** Files of the test's folder that this process has open. */
async function openFiles(): Promise<string[]> {
  const links = (await readdir('/proc/self/fd')).map((fd) =>
    readlink(`/proc/self/fd/${fd}`).catch(() => ''),
  );
  return (await Promise.all(links)).filter((path) => path.startsWith(folder));
}

describe('the Parquet file of a session', () => {
  it('holds the rows of the chunks', async () => {
    const path = await saved(sessionParquet(chunks), 'session.parquet');
    expect(await query(`SELECT count(*)::INT AS n FROM '${path}'`)).toEqual([{ n: 12_000 }]);
    const table = `(SELECT * EXCLUDE sync_id FROM '${path}')`;
    expect(await differences(table, chunkTable())).toEqual([]);
  });

  it('has the rows in order, in several row groups', async () => {
    const path = await saved(sessionParquet(chunks), 'order.parquet');
    expect(
      await query(`SELECT bool_and(seq = file_row_number) AS ordered
        FROM read_parquet('${path}', file_row_number = true)`),
    ).toEqual([{ ordered: true }]);
    expect(
      await query(`SELECT DISTINCT row_group_id > 0 AS more FROM parquet_metadata('${path}')`),
    ).toHaveLength(2);
  });

  it('has proper types: UTC times, doubles, integers', async () => {
    const path = await saved(sessionParquet(chunks), 'types.parquet');
    expect(await query(`SELECT column_name, column_type FROM (DESCRIBE FROM '${path}')`)).toEqual(
      Object.entries({
        timestamp: 'TIMESTAMP WITH TIME ZONE',
        sensor_id: 'VARCHAR',
        mode: 'VARCHAR',
        value: 'DOUBLE',
        TempC: 'DOUBLE',
        Vin: 'DOUBLE',
        seq: 'BIGINT',
        elapsed_s: 'DOUBLE',
        sync_id: 'VARCHAR',
      }).map(([column_name, column_type]) => ({ column_name, column_type })),
    );
  });

  it('carries the metadata that it is given', async () => {
    const path = await saved(
      sessionParquet(chunks.slice(0, 1), {
        file: { mission: 'Tauchgang Süd', session_id: 'b0a1' },
        columns: { value: { units: 'µmol' } },
      }),
      'metadata.parquet',
    );
    expect(
      await query(`SELECT decode(key) AS key, decode(value) AS value
        FROM parquet_kv_metadata('${path}')`),
    ).toEqual([
      { key: 'mission', value: 'Tauchgang Süd' },
      { key: 'session_id', value: 'b0a1' },
    ]);
    expect(
      await query(`SELECT DISTINCT path_in_schema AS name,
          CAST(key_value_metadata AS VARCHAR) AS texts
        FROM parquet_metadata('${path}') WHERE len(map_keys(key_value_metadata)) > 0`),
    ).toEqual([{ name: 'value', texts: '{units=\\xC2\\xB5mol}' }]);
  });

  it('ends with an error that names a damaged line', async () => {
    const damaged = join(folder, 'damaged_00001.jsonl');
    await writeFile(damaged, `${chunkText(0)}{"timestamp":`);
    await expect(saved(sessionParquet([damaged]), 'damaged.parquet')).rejects.toThrow('line 4001');
  });
});

describe('a session of CSV chunks', () => {
  const ROWS =
    '2025-11-18T12:00:01.123456+00:00,QSR-2150,freerun,0.0100,26.85,7.494\n' +
    '2025-11-18T12:00:02+00:00,QSR-2150,SYNC_START,b0a1-17,,\n' +
    '2025-11-18T12:00:03.000001+00:00,QSR-2150,freerun,0.0200,,\n';
  let path: string;
  beforeAll(async () => {
    path = join(folder, 'chunk_00000.csv');
    await writeFile(path, `timestamp,sensor_id,mode,value,TempC,Vin\n${ROWS}`);
  });

  it('is joined under one header', async () => {
    expect(await text(sessionCsv([path, path]))).toBe(
      `timestamp,sensor_id,mode,value,TempC,Vin,seq,elapsed_s\n${ROWS}${ROWS}`.replaceAll(
        /(?<=[,\d])\n/g,
        ',,\n',
      ),
    );
  });

  it('keeps its markers apart from the readings in Parquet', async () => {
    const parquet = await saved(sessionParquet([path]), 'markers.parquet');
    expect(
      await query(`SELECT epoch_us(timestamp)::VARCHAR AS us, value, sync_id FROM '${parquet}'`),
    ).toEqual([
      { us: '1763467201123456', value: 0.01, sync_id: null },
      { us: '1763467202000000', value: null, sync_id: 'b0a1-17' },
      { us: '1763467203000001', value: 0.02, sync_id: null },
    ]);
  });

  it('becomes rows of JSON', async () => {
    const lines = (await text(sessionJsonl([path]))).trimEnd().split('\n');
    expect(lines[0]).toContain('"value":0.0100,"TempC":26.85,"Vin":7.494}');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { value: 0.01, sensor_id: 'QSR-2150' },
      { value: 'b0a1-17', mode: 'SYNC_START', TempC: null },
      { value: 0.02, TempC: null, Vin: null },
    ]);
  });
});

describe('the JSON lines of a session', () => {
  it('are the bytes of the chunks, one after the other', async () => {
    const bytes = await Promise.all(chunks.map((path) => readFile(path, 'utf8')));
    expect(await text(sessionJsonl(chunks))).toBe(bytes.join(''));
  });
});

describe('the readings in memory', () => {
  const readings = Array.from({ length: 1201 }, (_, seq) => reading(seq));
  const memoryTable = () =>
    `(SELECT * EXCLUDE (seq, elapsed_s) FROM ${chunkTable()} WHERE seq < ${readings.length})`;

  it('come out as CSV', async () => {
    const path = await saved(memoryCsv(readings), 'memory.csv');
    const [header] = (await readFile(path, 'utf8')).split('\n');
    expect(header).toBe('timestamp,sensor_id,mode,value,TempC,Vin');
    const types = TYPES.replace(/, seq.*/, '}');
    const table = `read_csv('${path}', columns = ${types}, header = true)`;
    expect(await differences(table, memoryTable())).toEqual([]);
  });

  it('come out as Parquet', async () => {
    const path = await saved(memoryParquet(readings), 'memory.parquet');
    expect(await differences(`(FROM '${path}')`, memoryTable())).toEqual([]);
    expect(await query(`SELECT typeof(timestamp) AS type FROM '${path}' LIMIT 1`)).toEqual([
      { type: 'TIMESTAMP WITH TIME ZONE' },
    ]);
  });
});
