import { createHash } from 'node:crypto';
import { parquetMetadata } from 'hyparquet';
import { expect } from 'vitest';
import type { SessionDetail } from '../../shared/api/sessions.ts';
import type { Chunk, SessionSummary } from '../../shared/session.ts';
import type { ServerProcess } from '../support/server.ts';
import { unzipped } from '../support/unzip.ts';
import type { Left } from './kinds.ts';

/** What every door of the service tells of a session; why, where one of them breaks off or answers no. */
export interface Told {
  /** Rows by chunk; of the files those that were fetched and checked. */
  chunks: Record<string, Record<string, number> | string>;
  rows: Record<string, number | string>;
  /** `kind file`, as the answer itself or its header says. */
  damage: Record<string, string[]>;
}

const CHUNKS = ['detail', 'snapshots', 'files', 'zip'] as const;
const ROWS = ['list', 'jsonl', 'csv', 'parquet', 'preview', 'profile'] as const;

/** Of damage that is about no file. */
const WORD: Record<string, string> = { rows_missing: 'rows', unmended: 'mended' };

/** What they all have to tell. */
export function expectedOf({ chunks, damage, isWithoutDepth }: Left): Told {
  const total = Object.values(chunks).reduce((sum, rows) => sum + rows, 0);
  const told = damage.map(([kind, file]) => (file === null ? kind : `${kind} ${file}`));
  const same = <T>(doors: readonly string[], what: T) =>
    Object.fromEntries(doors.map((door) => [door, what]));
  return {
    chunks: same(CHUNKS, chunks),
    rows: { ...same(ROWS, total), ...(isWithoutDepth ? { profile: 0 } : {}) },
    damage: same([...CHUNKS, ...ROWS, 'tail'], told.sort()),
  };
}

/** Asks at every door. */
export async function toldOf(server: ServerProcess, id: string): Promise<Told> {
  const doors = new Doors(server, id);
  const told: Told = { chunks: {}, rows: {}, damage: doors.damage };
  for (const door of CHUNKS) told.chunks[door] = await doors[door]().catch(inWords);
  for (const door of ROWS) told.rows[door] = await doors[door]().catch(inWords);
  await doors.tail();
  return told;
}

const inWords = (error: unknown) =>
  error instanceof Error ? `${error.message} ${error.cause ?? ''}`.trim() : String(error);

interface SurveyChunk {
  name: string;
  rows: number;
}

type Damage = NonNullable<SessionSummary['damage']>;
const rowsOf = (chunks: readonly Pick<Chunk, 'filename' | 'row_count'>[]) =>
  Object.fromEntries(chunks.map(({ filename, row_count }) => [filename, row_count]));
const named = (damage: Damage = []) =>
  damage.map(({ kind, file }) => (file === null ? kind : `${kind} ${file}`)).sort();

class Doors {
  readonly #server: ServerProcess;
  readonly #id: string;
  readonly damage: Record<string, string[]> = {};

  constructor(server: ServerProcess, id: string) {
    this.#server = server;
    this.#id = id;
  }

  async list(): Promise<number> {
    const { sessions } = await this.#json<{ sessions: SessionSummary[] }>(
      'list',
      '/sessions?limit=500',
    );
    const found = sessions.find(({ session_id }) => session_id === this.#id);
    this.damage['list'] = named(found?.damage);
    if (found === undefined) throw new Error('it is not in the list');
    return found.total_rows;
  }

  async detail(): Promise<Record<string, number>> {
    return rowsOf(await this.#chunks('detail'));
  }

  async #chunks(door: string): Promise<Chunk[]> {
    const { chunks, summary } = await this.#json<SessionDetail>(door, `/sessions/${this.#id}`);
    const rows = chunks.reduce((sum, { row_count }) => sum + row_count, 0);
    expect({ rows, damage: this.damage[door] }).toEqual({
      ...{ rows: summary.total_rows, damage: named(summary.damage) },
    });
    return chunks;
  }

  async snapshots(): Promise<Record<string, number>> {
    const path = `/record/snapshots?session_id=${this.#id}`;
    const answer = await this.#json<{ chunks: Chunk[]; damage?: Damage } | SurveyChunk[]>(
      'snapshots',
      path,
    );
    if (!('chunks' in answer))
      return Object.fromEntries(answer.map(({ name, rows }) => [name, rows]));
    expect(named(answer.damage)).toEqual(this.damage['snapshots']);
    return rowsOf(answer.chunks);
  }

  /** Each has the size and the SHA-256 that stand in the detail. */
  async files(): Promise<Record<string, number>> {
    const chunks = await this.#chunks('files');
    for (const { filename, size_bytes, sha256 } of chunks) {
      const bytes = await this.#bytes('files', `/files/${this.#id}/${filename}`);
      const found = {
        size_bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      };
      expect(found).toEqual({ size_bytes, sha256 });
    }
    return rowsOf(chunks);
  }

  /** It says in words what its header says. */
  async zip(): Promise<Record<string, number>> {
    const files = [...unzipped(await this.#export('zip'))];
    const inside = files.map(([path, text]) => [path.slice(path.indexOf('/') + 1), text] as const);
    const words = inside.find(([name]) => name === 'DAMAGE.txt')?.[1] ?? '';
    const told = this.damage['zip']?.map((one) => one.split(' ')[1] ?? WORD[one]) ?? [];
    expect(told.filter((word) => !words.includes(word ?? 'unknown'))).toEqual([]);
    expect(words !== '').toBe(told.length > 0);
    const chunks = inside.filter(([name]) => name.startsWith('chunk_'));
    return Object.fromEntries(
      chunks.map(([name, text]) => [
        name,
        text.split('\n').length - (name.endsWith('.csv') ? 2 : 1),
      ]),
    );
  }

  async jsonl(): Promise<number> {
    const lines = String(await this.#export('jsonl'))
      .split('\n')
      .slice(0, -1);
    return lines.filter((line) => JSON.parse(line)).length;
  }

  async csv(): Promise<number> {
    return String(await this.#export('csv')).split('\n').length - 2;
  }

  async parquet(): Promise<number> {
    const bytes = await this.#export('parquet');
    return Number(parquetMetadata(new Uint8Array(bytes).buffer).num_rows);
  }

  preview(): Promise<number> {
    return this.#total('preview');
  }

  profile(): Promise<number> {
    return this.#total('profile');
  }

  async tail(): Promise<void> {
    await this.#bytes('tail', `/record/tail?session_id=${this.#id}`).catch(inWords);
  }

  async #total(door: string): Promise<number> {
    return (await this.#json<{ total_rows: number }>(door, `/sessions/${this.#id}/${door}`))
      .total_rows;
  }

  #export(format: string): Promise<Buffer> {
    return this.#bytes(format, `/sessions/${this.#id}/export?format=${format}`);
  }

  async #json<T>(door: string, path: string): Promise<T> {
    return JSON.parse(String(await this.#bytes(door, path))) as T;
  }

  /** The whole answer; what its header says of damage is kept under the door's name. */
  async #bytes(door: string, path: string): Promise<Buffer> {
    const answer = await fetch(`${this.#server.base}${path}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200) throw new Error(`${answer.status} ${bytes}`);
    this.damage[door] = (answer.headers.get('x-damage')?.split(', ') ?? []).sort();
    return bytes;
  }
}
