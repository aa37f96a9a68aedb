import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface StoredRow {
  timestamp: string;
  seq: number;
  value: number;
}

/** More than the longest row. */
const END_BYTES = 1024;

/** The newest whole row on disk in a session's folder, of a vehicle or a mirror. */
export async function newestRow(folder: string): Promise<StoredRow | null> {
  const names = await readdir(folder).catch(() => []);
  const chunks = names.filter((name) => /^chunk_\d+\.jsonl(\.part)?$/.test(name)).sort();
  const last = [...chunks.slice(-2), ...names.filter((name) => name === 'tail.jsonl')];
  const rows = await Promise.all(last.map((name) => lastRow(join(folder, name))));
  return rows.reduce((a, b) => ((b?.seq ?? -1) > (a?.seq ?? -1) ? b : a), null);
}

/** null where there is none; the file may be renamed while one looks. */
async function lastRow(path: string): Promise<StoredRow | null> {
  const handle = await open(path).catch(() => null);
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - END_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(END_BYTES), 0, END_BYTES, from);
    const line = buffer.toString('utf8', 0, bytesRead).split('\n').at(-2);
    return line?.startsWith('{') ? (JSON.parse(line) as StoredRow) : null;
  } finally {
    await handle.close();
  }
}
