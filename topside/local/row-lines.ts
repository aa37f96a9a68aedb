import { open } from 'node:fs/promises';
import { AppendFile } from '../../server/files/durable-file.ts';
import { orIfMissing } from './local-session.ts';

const SEQ = /"seq":(\d+)/;
const LINE_FEED = 10;

/** Number of a row in its session; NaN for what is no row. */
export function rowSeq(line: string): number {
  return Number(SEQ.exec(line)?.[1] ?? Number.NaN);
}

/** A file that is there only when a line went into it. */
export class Sink {
  readonly #file: AppendFile;
  rows = 0;

  constructor(path: string) {
    this.#file = new AppendFile(path, 'a');
  }

  add(line: string): void {
    this.#file.append(`${line}\n`);
    this.rows += 1;
  }

  async close(): Promise<void> {
    if (this.rows > 0) await this.#file.close();
  }
}

/** Rows of sealed chunks, asked for in rising order. */
export class SealedRows {
  readonly #lines: AsyncGenerator<string>;
  #line: string | null = null;

  constructor(paths: readonly string[]) {
    this.#lines = linesOf(...paths);
  }

  async has(line: string): Promise<boolean> {
    const seq = rowSeq(line);
    while (this.#line === null || rowSeq(this.#line) < seq) {
      const next = await this.#lines.next();
      if (next.done) return false;
      this.#line = next.value;
    }
    return this.#line === line;
  }

  async close(): Promise<void> {
    await this.#lines.return(undefined);
  }
}

/** No lines where there is no file. */
export async function* linesOf(...paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) {
    const handle = await orIfMissing(open(path), null);
    if (handle !== null) yield* handle.readLines();
  }
}

export async function cutHalfLine(path: string): Promise<void> {
  const handle = await orIfMissing(open(path, 'r+'), null);
  if (handle === null) return;
  try {
    const bytes = await handle.readFile();
    await handle.truncate(bytes.lastIndexOf(LINE_FEED) + 1);
  } finally {
    await handle.close();
  }
}
