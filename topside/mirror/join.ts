import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../server/files/durable-file.ts';
import { joinedName } from '../layout.ts';
import { csvOf } from '../local/joined-csv.ts';
import type { LocalSession } from '../local/local-session.ts';
import type { Join } from '../options.ts';
import { arriving } from '../remote/answer.ts';
import { VehicleLostError } from '../remote/lost.ts';
import type { RecorderClient } from '../remote/recorder-client.ts';

/** The letters at the end of every Parquet file. */
const PARQUET_END = 'PAR1';

export interface JoinParts {
  vehicle: RecorderClient;
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

/** Its end is checked: behind some proxies an answer that breaks off looks whole. */
async function* parquetOf({ vehicle, session }: JoinParts): AsyncGenerator<Buffer> {
  let end = Buffer.alloc(0);
  for await (const piece of arriving(
    await vehicle.open(`sessions/${session}/export?format=parquet`),
  )) {
    end = Buffer.concat([end, piece]).subarray(-PARQUET_END.length);
    yield piece;
  }
  if (end.toString('latin1') !== PARQUET_END) throw new VehicleLostError('the file broke off');
}
