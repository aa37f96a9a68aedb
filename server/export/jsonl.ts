import { Readable } from 'node:stream';
import { jsonFields } from '../../shared/row.ts';
import type { RowText } from '../../shared/stored-rows.ts';
import type { SessionOnDisk } from '../catalogue/catalogue.ts';
import { ahead } from '../files/ahead.ts';
import { readableBlocks } from '../files/readable-blocks.ts';
import { chunkRows, type OnDamage } from './chunk-rows.ts';
import { isMarker } from './row-text.ts';

/** Chunk files as one file of JSON lines: the bytes of JSON chunks as they are, CSV rows put into JSON. */
export function sessionJsonl(paths: Iterable<string>, onDamage?: OnDamage): Readable {
  return Readable.from(joined(paths, onDamage), { objectMode: false });
}

/** Bytes of {@link sessionJsonl}; null where rows of CSV have to be put into JSON for it. */
export function jsonlLength(chunks: SessionOnDisk['chunks']): number | null {
  return chunks.last?.filename.endsWith('.csv') ? null : chunks.sizeBytes;
}

async function* joined(paths: Iterable<string>, onDamage?: OnDamage): AsyncGenerator<Buffer> {
  yield* ahead(files(paths, onDamage));
}

function* files(paths: Iterable<string>, onDamage?: OnDamage) {
  for (const path of paths) {
    yield path.endsWith('.csv')
      ? jsonLines(path, onDamage)
      : readableBlocks(path, { onUnreadable });
  }
}

/** Zeros must not stand for rows. */
function onUnreadable(_: number, error: Error): never {
  throw error;
}

async function* jsonLines(path: string, onDamage?: OnDamage): AsyncGenerator<Buffer> {
  for await (const rows of chunkRows([path], onDamage))
    yield Buffer.from(rows.map(jsonLine).join(''));
}

function jsonLine(row: RowText): string {
  const value = isMarker(row) ? JSON.stringify(row.value) : row.value;
  const [temperature, voltage] = [row.temperature || null, row.voltage || null];
  return `${jsonFields(row.timestamp, { ...row, value, temperature, voltage })}}\n`;
}
