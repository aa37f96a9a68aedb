import type { Chunk } from '../../shared/session.ts';
import { rowSeq } from '../local/row-lines.ts';
import type { TailFile } from '../local/tail-file.ts';
import { pause } from '../pause.ts';
import { arriving } from '../remote/answer.ts';
import { VehicleLostError } from '../remote/lost.ts';
import type { RecorderClient } from '../remote/recorder-client.ts';

/** Rows are synced this often: so much is at risk, besides what is on the way. */
const SYNC_MS = 1000;
const RETRY_MS = 1000;

/** Follows the rows of one session as they are recorded, ahead of its sealed chunks. */
export class Tail {
  readonly #vehicle: RecorderClient;
  readonly #session: string;
  readonly #file: TailFile;
  readonly #onRow: (line: string) => void;
  readonly #stopping = new AbortController();
  #rows: string[] = [];
  #next = 0;

  /** `onRow` is given the newest row whenever rows have been synced. */
  constructor(
    vehicle: RecorderClient,
    session: string,
    file: TailFile,
    onRow: (line: string) => void,
  ) {
    this.#vehicle = vehicle;
    this.#session = session;
    this.#file = file;
    this.#onRow = onRow;
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Resolves after `stop`; rejects when the vehicle refuses, or the disk fails. */
  async run(): Promise<void> {
    this.#next = Math.max(this.#next, (await this.#file.open()) + 1);
    try {
      await Promise.all([this.#receiveAll(), this.#writeAll()]);
    } finally {
      this.stop();
      await this.#write();
      await this.#file.close();
    }
  }

  /** Sealed chunks take the place of their rows; resolves with the number of rows they lack. */
  async takeOver(chunks: readonly Chunk[], through: number): Promise<number> {
    await this.#write();
    this.#next = Math.max(this.#next, through + 1);
    return this.#file.takeOver(chunks, through);
  }

  /** That the vehicle is lost is the follower's to tell. */
  async #receiveAll(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#receive();
      } catch (error) {
        if (!(error instanceof VehicleLostError)) {
          this.stop();
          throw error;
        }
      }
      await pause(RETRY_MS, this.#stopping.signal);
    }
  }

  async #receive(): Promise<void> {
    const path = `record/tail?session_id=${this.#session}&from_seq=${this.#next}`;
    const response = await this.#vehicle.open(path, {}, this.#stopping.signal);
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of arriving(response)) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    }
  }

  /** What was sealed meanwhile comes with its chunk. */
  #take(line: string): void {
    const seq = rowSeq(line);
    if (!(seq >= this.#next)) return;
    this.#next = seq + 1;
    this.#rows.push(line);
  }

  async #writeAll(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await pause(SYNC_MS, this.#stopping.signal);
      await this.#write();
    }
  }

  async #write(): Promise<void> {
    const rows = this.#rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    this.#rows = [];
    await this.#file.append(rows);
    this.#onRow(last);
  }
}
