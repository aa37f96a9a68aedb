import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for as long as `use` takes. */
export async function inFolder<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `bench-${name}-`));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
