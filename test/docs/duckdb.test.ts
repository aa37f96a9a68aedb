import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
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
