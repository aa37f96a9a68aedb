import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import {
  type RowText,
  rowOfShape,
  type StoredRows,
  storedRowsOf,
} from '../../shared/stored-rows.ts';
import { ahead } from '../files/ahead.ts';
import { lineBlocks } from '../files/line-blocks.ts';

/** Stands for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

const DAMAGE = 'DamagedChunkError';

/** A line of a chunk that can't be read; `line` counts from 1. */
export class DamagedChunkError extends Error {
  readonly filename: string;
  readonly line: number;

  constructor(filename: string, line: number, reason: string) {
    super(`${filename}, line ${line} is damaged: ${reason}; jsonl and zip give it as it is`);
    this.name = DAMAGE;
    this.filename = filename;
    this.line = line;
  }
}

/** An error that comes from another thread has kept its name, not its class. */
export function isDamage(error: unknown): error is Error {
  return error instanceof Error && error.name === DAMAGE;
}

export type OnDamage = (damage: DamagedChunkError) => void;

/**
 * The rows of chunk files in order, in blocks of at most 64 KiB of text. Every
 * damaged line goes to `onDamage`, which may throw; without it the first one is thrown.
 */
export async function* chunkRows(
  paths: Iterable<string>,
  onDamage: OnDamage = refuse,
): AsyncGenerator<RowText[]> {
  for await (const rows of ahead(files(paths, onDamage))) yield rows();
}

/** Each file a block at a time; its rows are made when their turn comes. */
function* files(paths: Iterable<string>, onDamage: OnDamage) {
  for (const path of paths) yield file(path, new ChunkReader(basename(path), onDamage));
}

async function* file(path: string, reader: ChunkReader): AsyncGenerator<() => RowText[]> {
  for await (const block of lineBlocks(path)) yield () => reader.rows(block);
}

function refuse(damage: DamagedChunkError): never {
  throw damage;
}

class ChunkReader {
  readonly #filename: string;
  readonly #format: StoredRows;
  readonly #onDamage: OnDamage;
  #line = 0;

  constructor(filename: string, onDamage: OnDamage) {
    this.#filename = filename;
    this.#format = storedRowsOf(filename);
    this.#onDamage = onDamage;
  }

  rows(block: Buffer): RowText[] {
    const text = block.toString('utf8');
    const sound = isUtf8(block);
    const shape = new RegExp(this.#format.shape, 'y');
    const rows: RowText[] = [];
    for (let at = 0; at < text.length; this.#line += 1) {
      shape.lastIndex = at;
      const match = shape.exec(text);
      const end = match ? shape.lastIndex : lineEnd(text, at);
      const fits = match && (sound || !match[0].includes(REPLACEMENT));
      const row = fits ? rowOfShape(match) : this.#slowRow(text.slice(at, end));
      if (row !== null) rows.push(row);
      at = end;
    }
    return rows;
  }

  /** Null for the header, and for a damaged line that was reported. */
  #slowRow(line: string): RowText | null {
    const { header, parse } = this.#format;
    if (this.#line === 0 && header !== null && line.trimEnd() === header) return null;
    try {
      if (!line.endsWith('\n')) throw new Error('its end is missing');
      if (line.includes(REPLACEMENT)) throw new Error('not UTF-8');
      return parse(line);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#onDamage(new DamagedChunkError(this.#filename, this.#line + 1, reason));
      return null;
    }
  }
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}
