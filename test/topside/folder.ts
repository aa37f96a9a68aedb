import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file of a folder as text, by name. */
export async function textsOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
}
