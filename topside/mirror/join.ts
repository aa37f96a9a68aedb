import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurably } from '../../server/files/durable-file.ts';
import { joinedName, REPORT } from '../layout.ts';
import { csvOf } from '../local/joined-csv.ts';
import type { LocalSession } from '../local/local-session.ts';
import type { Join } from '../options.ts';
import { ending, textOf } from '../remote/answer.ts';
import { VehicleLostError } from '../remote/lost.ts';
import type { RecorderClient } from '../remote/recorder-client.ts';

/** What a file of few rows has besides them. */
const PARQUET_HEAD_BYTES = 1e6;
/** The letters at the end of every Parquet file. */
const PARQUET_END = 'PAR1';
const HTML_END = '</html>';

export interface JoinParts {
  vehicle: RecorderClient;
  folder: string;
  session: string;
  local: LocalSession;
  /** Told of a line that is no row: it is left out of the joined file. */
  onDamage(detail: string): void;
}

/** Writes session.csv from the chunks, or fetches session.parquet from the vehicle. */
export async function joinSession(format: Join, parts: JoinParts): Promise<void> {
  if (format === 'none') return;
  const { folder, local, onDamage } = parts;
  const pieces = format === 'csv' ? csvOf(folder, local.manifest, onDamage) : parquetOf(parts);
  await writeWhole(join(folder, joinedName(format)), pieces);
  await syncFolder(folder);
}

/** Writes report.html as the vehicle makes it. */
export async function fetchReport(
  vehicle: RecorderClient,
  folder: string,
  session: string,
): Promise<void> {
  const text = await textOf(await vehicle.open(`sessions/${session}/report`));
  if (!text.trimEnd().endsWith(HTML_END)) throw new VehicleLostError('the report broke off');
  await writeDurably(join(folder, REPORT), text);
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

/** Its end is checked: behind some proxies an answer that breaks off looks whole. */
async function* parquetOf({ vehicle, session, local }: JoinParts): AsyncGenerator<Buffer> {
  let [end, bytes] = [Buffer.alloc(0), 0];
  const most = PARQUET_HEAD_BYTES + 2 * sizeOf(local.manifest);
  for await (const piece of ending(
    await vehicle.open(`sessions/${session}/export?format=parquet`),
  )) {
    end = Buffer.concat([end, piece]).subarray(-PARQUET_END.length);
    bytes += piece.length;
    if (bytes > most) throw new VehicleLostError('the file does not end');
    yield piece;
  }
  if (end.toString('latin1') !== PARQUET_END) throw new VehicleLostError('the file broke off');
}

const sizeOf = (chunks: LocalSession['manifest']) =>
  chunks.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
