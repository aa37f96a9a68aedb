import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { README } from '../../shared/archive/readme.ts';

/** Every file of a folder as text, by name, without those that explain it. */
export async function textsOf(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name).filter((name) => name !== README);
  const texts = names
    .sort()
    .map(async (name) => [name, await readFile(join(folder, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
}
