import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../server/files/durable-file.ts';
import { joinedName } from '../layout.ts';
import { csvOf } from '../local/joined-csv.ts';
import type { LocalSession } from '../local/local-session.ts';
import type { Join } from '../options.ts';
import { arriving } from '../remote/answer.ts';
import type { RecorderClient } from '../remote/recorder-client.ts';

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

async function* parquetOf({ vehicle, session }: JoinParts): AsyncGenerator<Buffer> {
  yield* arriving(await vehicle.open(`sessions/${session}/export?format=parquet`));
}
