import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppendFile, renameDurably } from '../../server/files/durable-file.ts';
import type { Chunk } from '../../shared/session.ts';
import { TAIL, TAIL_KEPT } from '../layout.ts';
import { cutHalfLine, linesOf, rowSeq, SealedRows, Sink } from './row-lines.ts';

/**
 * Rows of the chunk that is being recorded, in `tail.jsonl`: what would be lost with the
 * vehicle. Each is dropped when the sealed chunk that holds it is here.
 */
export class TailFile {
  readonly #folder: string;
  readonly #path: string;
  #file: AppendFile | null = null;
  #firstSeq = Number.POSITIVE_INFINITY;
  #lastSeq = -1;
  /** Appending waits for settling, and the other way round. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, TAIL);
  }

  /** Half a line that a kill left behind is cut off. Resolves with the last row's seq, or -1. */
  open(): Promise<number> {
    return this.#inTurn(async () => {
      await cutHalfLine(this.#path);
      for await (const line of linesOf(this.#path)) this.#note(line);
      return this.#lastSeq;
    });
  }

  /** Resolves when these rows survive a power cut. */
  append(lines: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      this.#file ??= new AppendFile(this.#path, 'a');
      for (const line of lines) this.#file.append(`${line}\n`);
      for (const line of lines) this.#note(line);
      await this.#file.sync();
    });
  }

  /**
   * Drops the rows up to seq `through` that these sealed chunks hold, too. What they hold
   * otherwise or not at all is kept in tail.kept.jsonl; resolves with the number of such rows.
   */
  takeOver(chunks: readonly Chunk[], through: number): Promise<number> {
    return this.#inTurn(() => this.#takeOver(chunks, through));
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#closeFile());
  }

  async #takeOver(chunks: readonly Chunk[], through: number): Promise<number> {
    if (this.#firstSeq > through) return 0;
    await this.#closeFile();
    const overlapping = chunks.filter(({ last_seq }) => (last_seq ?? -1) >= this.#firstSeq);
    const paths = overlapping.map(({ filename }) => join(this.#folder, filename));
    return this.#sort(new SealedRows(paths), through);
  }

  /** Rows above `through` go on being the tail. */
  async #sort(sealed: SealedRows, through: number): Promise<number> {
    await rm(`${this.#path}.tmp`, { force: true });
    const [later, kept] = [new Sink(`${this.#path}.tmp`), new Sink(join(this.#folder, TAIL_KEPT))];
    this.#firstSeq = Number.POSITIVE_INFINITY;
    for await (const line of linesOf(this.#path)) {
      if (rowSeq(line) > through) {
        later.add(line);
        this.#note(line);
      } else if (!(await sealed.has(line))) kept.add(line);
    }
    await Promise.all([sealed.close(), kept.close(), later.close()]);
    if (later.rows > 0) await renameDurably(`${this.#path}.tmp`, this.#path);
    else await rm(this.#path, { force: true });
    return kept.rows;
  }

  #note(line: string): void {
    const seq = rowSeq(line);
    this.#firstSeq = Math.min(this.#firstSeq, seq);
    this.#lastSeq = Math.max(this.#lastSeq, seq);
  }

  async #closeFile(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
