import { createWriteStream } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { sessionCsv } from '../../server/export/csv.ts';
import { rowJoin } from '../../server/export/row-join.ts';
import { isoMicros } from '../../shared/clock.ts';
import { START_MICROS, writeChunk, writeVehicle } from '../support/dive-files.ts';
import { temporaryFolder } from '../support/server.ts';
import { EXAMPLE, printed, snippets } from './page.ts';

test('the SQL of docs/reading.md runs, and prints what the page shows', async () => {
  const connection = await opened(EXAMPLE);
  for (const snippet of await snippets('sql')) {
    await printed(snippet, await answer(connection, snippet.code));
  }
  connection.closeSync();
});

test('its checks find a chunk that is missing, and one that was changed', async () => {
  const copy = await temporaryFolder();
  await cp(EXAMPLE, copy, { recursive: true });
  await rm(join(copy, 'session/chunk_00001.jsonl'));
  const changed = join(copy, 'session/chunk_00000.jsonl');
  await writeFile(changed, (await readFile(changed, 'utf8')).replace('27.68', '27.69'));
  const connection = await opened(copy);
  const [rows, files] = await snippets('sql');
  expect(await answer(connection, rows?.code ?? '')).toMatch(/missing_seq.*\n\d+ +[1-9]/);
  expect(await answer(connection, files?.code ?? '')).toMatch(/chunk_00000.jsonl +false/);
  connection.closeSync();
});

test('the SQL of the CSV export reads one whose depth, quotes and markers come late', async () => {
  const folder = await temporaryFolder();
  const times = Array.from({ length: 25_000 }, (_, row) => row / 10);
  const { filename } = await writeChunk(
    folder,
    0,
    times.map((time) => [time, time === 5 ? 1689.4 : 999.97] as const),
  );
  await writeVehicle(folder, [2400, 2420], () => 17.5);
  const timestamp = isoMicros(START_MICROS + 2450e6);
  const marker = { timestamp, elapsed_s: 2450, kind: 'marker', detail: '=1+1, "kelp",\nleft' };
  const source = { folder, startTime: isoMicros(START_MICROS), byWallClock: false };
  const joined = await rowJoin({ ...source, events: [marker] });
  const file = createWriteStream(`${folder}/export.csv`);
  await pipeline(sessionCsv([`${folder}/${filename}`], joined), file);
  const connection = await opened(folder);
  const query = (await snippets('sql')).at(-1)?.code ?? '';
  expect(await answer(connection, query)).toMatch(/\nfreerun +25000 +1689\.4 +17\.5\n$/);
  const cells =
    "SELECT marker FROM read_csv('export.csv', header = true, quote = '\"', all_varchar = true) WHERE marker <> ''";
  expect(await answer(connection, cells)).toContain('\'=1+1, "kelp",\nleft');
  connection.closeSync();
});

/** A database whose paths begin in a folder. */
async function opened(folder: string): Promise<DuckDBConnection> {
  const database = await DuckDBInstance.create();
  const connection = await database.connect();
  await connection.run(`SET file_search_path = '${folder}'`);
  return connection;
}

/** The rows of the last statement, in columns. */
async function answer(connection: DuckDBConnection, code: string): Promise<string> {
  const statements = await connection.extractStatements(code);
  let table: string[][] = [];
  for (let index = 0; index < statements.count; index += 1) {
    const reader = await (await statements.prepare(index)).runAndReadAll();
    const rows = reader.getRows().map((row) => row.map((value) => String(value)));
    table = [reader.columnNames(), ...rows];
  }
  expect(table.length).toBeGreaterThan(0);
  return inColumns(table);
}

function inColumns(table: string[][]): string {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) => row.map((text, column) => text.padEnd(widths[column] ?? 0));
  return table.map((row) => `${line(row).join('  ').trimEnd()}\n`).join('');
}
