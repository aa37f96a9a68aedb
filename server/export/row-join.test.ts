import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeEach, expect, test } from 'vitest';
import { isoMicros } from '../../shared/clock.ts';
import { START_MICROS, writeChunk, writeVehicle } from '../../test/support/dive-files.ts';
import { temporaryFolder } from '../../test/support/recorder-bench.ts';
import { sessionCsv } from './csv.ts';
import { sessionParquet } from './parquet/parquet.ts';
import { type JoinSource, rowJoin } from './row-join.ts';

let source: JoinSource;
let chunks: string[];
beforeEach(async () => {
  const folder = await temporaryFolder();
  source = { folder, startTime: isoMicros(START_MICROS), byWallClock: false, events: [] };
  const readings = Array.from({ length: 12 }, (_, at) => [at / 2, at] as const);
  const written = [
    await writeChunk(folder, 0, readings.slice(0, 7)),
    await writeChunk(folder, 1, readings.slice(7)),
  ];
  chunks = written.map(({ filename }) => join(folder, filename));
});

function marker(elapsed_s: number, detail: string, kind = 'marker') {
  return { timestamp: isoMicros(START_MICROS + elapsed_s * 1e6), elapsed_s, kind, detail };
}

/** Header and rows of the CSV, from `elapsed_s` on. */
async function csvTails(): Promise<string[]> {
  const lines = (await text(sessionCsv(chunks, await rowJoin(source)))).trimEnd().split('\n');
  return lines.map((line) => line.replace(/^.*?,(?=elapsed_s|\d+\.\d{6})/, ''));
}

test('a session without a vehicle and markers has nothing to join', async () => {
  source.events = [marker(1, 'The sensor was silent.', 'sensor_silent')];
  expect(await rowJoin(source)).toBeNull();
});

test('depth_m is interpolated to millimetres, and empty where it is not known', async () => {
  await writeVehicle(source.folder, [1, 2], (second) => second / 3);
  await writeVehicle(source.folder, [3, 4], (second) => (second < 3.3 ? second : null));
  expect(await csvTails()).toEqual([
    'elapsed_s,depth_m',
    ...['0.000000,', '0.500000,', '1.000000,0.333', '1.500000,0.500', '2.000000,1.000'],
    ...['2.500000,2.000', '3.000000,3.000', '3.500000,', '4.000000,', '4.500000,'],
    ...['5.000000,', '5.500000,'],
  ]);
});

test('a marker stands on the first row at or after its time, several on one row together', async () => {
  source.events = [
    marker(1, 'Seagrass, dense'),
    marker(3.1, 'Rock'),
    marker(3.2, 'Sand'),
    marker(9, 'Over'),
  ];
  const tails = await csvTails();
  expect(tails[0]).toBe('elapsed_s,marker');
  const marked = tails.slice(1).filter((tail) => !tail.endsWith(','));
  expect(marked).toEqual(['1.000000,"Seagrass, dense"', '3.500000,Rock; Sand']);
});

test('Parquet has the same columns, null where nothing is known', async () => {
  await writeVehicle(source.folder, [0, 3], (second) => 2 * second);
  source.events = [marker(2, 'Kelp')];
  const path = join(source.folder, 'out.parquet');
  await pipeline(sessionParquet(chunks, {}, await rowJoin(source)), createWriteStream(path));
  const sql = await (await DuckDBInstance.create()).connect();
  const rows = await sql.runAndReadAll(
    `SELECT elapsed_s, round(depth_m, 6) AS depth, marker FROM '${path}' WHERE elapsed_s >= 2`,
  );
  expect(rows.getRowObjectsJson().slice(0, 4)).toEqual([
    { elapsed_s: 2, depth: 4, marker: 'Kelp' },
    { elapsed_s: 2.5, depth: 5, marker: null },
    { elapsed_s: 3, depth: null, marker: null },
    { elapsed_s: 3.5, depth: null, marker: null },
  ]);
  sql.closeSync();
});

test('time_utc is by the clock that the vehicle’s was compared with, in CSV and in Parquet', async () => {
  const fields = {
    compared_with: 'client',
    client: 'topside',
    offset_s: 20_736_000,
    uncertainty_s: 0.002,
  };
  source.events = [{ ...marker(4, 'Compared.', 'clock_compared'), ...fields }];
  const tails = await csvTails();
  expect(tails[0]).toBe('elapsed_s,time_utc,time_uncertainty_s');
  const first = isoMicros(START_MICROS + 20_736_000e6);
  expect(tails[1]).toBe(`0.000000,${first},0.0182`);
  const path = join(source.folder, 'out.parquet');
  await pipeline(sessionParquet(chunks, {}, await rowJoin(source)), createWriteStream(path));
  const sql = await (await DuckDBInstance.create()).connect();
  const rows = await sql.runAndReadAll(
    `SELECT epoch_us(time_utc)::DOUBLE AS micros, round(time_uncertainty_s, 6) AS time_uncertainty_s FROM '${path}' WHERE elapsed_s = 4`,
  );
  expect(rows.getRowObjectsJson()).toEqual([
    { micros: START_MICROS + 20_736_004e6, time_uncertainty_s: 0.018 },
  ]);
  sql.closeSync();
});

test('CSV chunks, which carry no elapsed_s, are joined by the wall clock', async () => {
  const path = join(source.folder, 'chunk_00000.csv');
  const time = (second: number) => isoMicros(START_MICROS + second * 1e6).replace('Z', '+00:00');
  await writeFile(
    path,
    'timestamp,sensor_id,mode,value,TempC,Vin\n' +
      `${time(1.1)},QSR,freerun,0.5,,\n${time(1.2)},QSR,SYNC_START,b0a1,,\n`,
  );
  await writeVehicle(source.folder, [1, 2], (second) => second);
  source.byWallClock = true;
  source.events = [{ ...marker(1.15, 'Here'), elapsed_s: 500 }];
  const lines = (await text(sessionCsv([path], await rowJoin(source)))).split('\n');
  expect(lines[0]).toMatch(/,seq,elapsed_s,depth_m,marker$/);
  expect(lines[1]).toMatch(/freerun,0\.5,,,,,1\.100,$/);
  expect(lines[2]).toMatch(/SYNC_START,b0a1,,,,,1\.200,Here$/);
});
