import { join } from 'node:path';
import { inTurns } from '../files/in-turns.ts';
import type { Chunks } from '../format/chunks.ts';

/** Made as they are asked for: there may be many. */
export function pathsOf(folder: string, chunks: Iterable<{ filename: string }>): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (const { filename } of chunks) yield join(folder, filename);
    },
  };
}

/** Names with slashes between. */
export async function namesOf(chunks: Chunks): Promise<string> {
  const names: string[] = [];
  for await (const some of inTurns(chunks.blocks())) {
    names.push(some.map(({ filename }) => filename).join('/'));
  }
  return names.join('/');
}
