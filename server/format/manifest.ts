import { join } from 'node:path';
import { parseJson } from '../../shared/json.ts';
import { type Chunk, chunk } from '../../shared/session.ts';
import { writeDurably } from '../files/durable-file.ts';
import { readOrLost } from '../files/read-text.ts';
import { MANIFEST_NAME } from './names.ts';

export interface ManifestText {
  /** Sorted by index; of two lines for a chunk the later one counts. */
  chunks: Chunk[];
  /** Lines that are no chunk of ours: a manifest that was cut. */
  badLines: number;
  /** As it lies there; empty where nothing does, or where the disk does not give it back. */
  text: string;
  isUnreadable: boolean;
}

/** The manifest as it lies on disk; empty where there is none. */
export async function readManifest(folder: string): Promise<ManifestText> {
  const text = await readOrLost(join(folder, MANIFEST_NAME));
  const byName = new Map<string, Chunk>();
  let badLines = 0;
  for (const line of (text ?? '').split('\n').filter((part) => part !== '')) {
    const parsed = chunk.safeParse(parseJson(line));
    if (parsed.success) byName.set(parsed.data.filename, parsed.data);
    else badLines += 1;
  }
  const chunks = [...byName.values()].sort((a, b) => a.index - b.index);
  return { chunks, badLines, text: text ?? '', isUnreadable: text === null };
}

export function manifestText(chunks: readonly Chunk[]): string {
  return chunks.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

export function writeManifest(folder: string, text: string): Promise<void> {
  return writeDurably(join(folder, MANIFEST_NAME), text);
}
