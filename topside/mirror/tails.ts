import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Chunk, isoTime } from '../../shared/session.ts';
import { TAIL } from '../layout.ts';
import { jsonObject, readLocalSession } from '../local/local-session.ts';
import { prepareFolder } from '../local/session-folder.ts';
import { TailFile } from '../local/tail-file.ts';
import { type RecorderClient, RefusedError } from '../remote/recorder-client.ts';
import type { Report } from '../report.ts';
import { Tail } from './tail.ts';

const timed = z.object({ timestamp: isoTime });

export interface TailsParts {
  vehicle: RecorderClient;
  report: Report;
  /** Folder of all sessions. */
  out: string;
  /** Whether rows are followed; what an earlier run left is settled all the same. */
  wanted: boolean;
}

/** The rows ahead of the sealed chunks: those of the active session, and what others left. */
export class Tails {
  readonly #parts: TailsParts;
  #session: string | null = null;
  #tail: Tail | null = null;
  #running: Promise<void> = Promise.resolve();
  #failed: { error: unknown } | null = null;

  constructor(parts: TailsParts) {
    this.#parts = parts;
  }

  /** Follows this session, and no other any more; null for none. */
  async follow(session: string | null): Promise<void> {
    const failed = this.#failed;
    this.#failed = null;
    if (failed) throw failed.error;
    if (!this.#parts.wanted || session === this.#session) return;
    await this.stop();
    this.#session = session;
    if (session === null) return;
    const folder = join(this.#parts.out, session);
    await prepareFolder(this.#parts.out, session, await readLocalSession(folder));
    this.#tail = new Tail(this.#parts.vehicle, session, new TailFile(folder), this.#onRow);
    this.#running = this.#tail.run().catch((error) => this.#end(error));
  }

  readonly #onRow = (line: string): void => {
    const row = timed.safeParse(jsonObject(line));
    if (row.success) this.#parts.report.progress.here(Date.parse(row.data.timestamp));
  };

  async stop(): Promise<void> {
    this.#tail?.stop();
    await this.#running;
    this.#tail = null;
    this.#session = null;
  }

  /** Lets the chunks that are here take the place of their rows; of all rows after the end. */
  async takeOver(session: string, chunks: readonly Chunk[], ended: boolean): Promise<void> {
    const through = ended ? Number.POSITIVE_INFINITY : (chunks.at(-1)?.last_seq ?? -1);
    const kept = await this.#takenOver(session, chunks, through);
    if (kept === 0) return;
    this.#parts.report.note(
      `${session}: ${kept} rows that came ahead are in no chunk, or otherwise; see tail.kept.jsonl`,
    );
  }

  async #takenOver(session: string, chunks: readonly Chunk[], through: number): Promise<number> {
    if (this.#tail && session === this.#session) return this.#tail.takeOver(chunks, through);
    const folder = join(this.#parts.out, session);
    if (!existsSync(join(folder, TAIL))) return 0;
    const file = new TailFile(folder);
    await file.open();
    return file.takeOver(chunks, through);
  }

  /** A vehicle without this call is mirrored by its chunks alone. */
  #end(error: unknown): void {
    this.#tail = null;
    if (!(error instanceof RefusedError)) this.#failed = { error };
    else this.#parts.report.note(`Rows can't be followed as they are recorded: ${error.message}`);
  }
}
