import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { syncFolder } from '../../server/files/durable-file.ts';
import type { Chunk } from '../../shared/session.ts';
import type { Join } from '../cli/args.ts';
import { joinedName } from '../layout.ts';
import { rowFields } from '../local/json-row.ts';
import type { LocalSession } from '../local/local-session.ts';
import { arriving } from '../remote/answer.ts';
import type { Vehicle } from '../remote/recorder-client.ts';

const COLUMNS = 'timestamp,sensor_id,mode,value,TempC,Vin,seq,elapsed_s\n';
const CSV_CHUNK_HEADER = 'timestamp,sensor_id,';
const BLOCK_CHARS = 256 * 1024;

export interface JoinParts {
  vehicle: Vehicle;
  folder: string;
  session: string;
  local: LocalSession;
}

/** Writes session.csv from the chunks, or fetches session.parquet from the vehicle. */
export async function joinSession(format: Join, parts: JoinParts): Promise<void> {
  if (format === 'none') return;
  const { folder, local } = parts;
  const pieces = format === 'csv' ? csvOf(folder, local.manifest) : parquetOf(parts);
  await writeWhole(join(folder, joinedName(format)), pieces);
  await syncFolder(folder);
}

/** Has its name only when it is whole and synced. */
async function writeWhole(path: string, pieces: AsyncIterable<string | Buffer>): Promise<void> {
  const handle = await open(`${path}.tmp`, 'w');
  try {
    for await (const piece of pieces) await handle.writeFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.tmp`, path);
}

async function* parquetOf({ vehicle, session }: JoinParts): AsyncGenerator<Buffer> {
  yield* arriving(await vehicle.open(`sessions/${session}/export?format=parquet`));
}

/** All rows of these chunks, in their order. */
export async function* csvOf(folder: string, chunks: readonly Chunk[]): AsyncGenerator<string> {
  let text = COLUMNS;
  for (const { filename } of chunks) {
    const line = filename.endsWith('.csv') ? csvLine : jsonLine;
    const input = createReadStream(join(folder, filename));
    for await (const row of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      text += line(row);
      if (text.length < BLOCK_CHARS) continue;
      yield text;
      text = '';
    }
  }
  yield text;
}

function jsonLine(row: string): string {
  return `${rowFields(row).map(quoted).join(',')}\n`;
}

/** Chunks of CSV have six columns and know no quotes. */
function csvLine(row: string): string {
  return row.startsWith(CSV_CHUNK_HEADER) ? '' : `${row},,\n`;
}

/** Quotes as RFC 4180 asks for. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
