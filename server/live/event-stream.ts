import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { LiveHub } from './hub.ts';
import type { StreamSocket } from './stream-client.ts';
import type { Streams } from './streams.ts';

/** Shorter than any proxy waits for a sign of life. */
const HEARTBEAT_MS = 5000;
/** The browser asks again after so long when the stream ends. */
const RETRY_MS = 1000;
/** Rows of the past are written in blocks of so many, each when the one before it has left. */
const ROWS_AT_ONCE = 500;
/** A client that takes none of the past for so long is gone. */
const PATIENCE_MS = 10_000;

export interface EventStreamOptions {
  /** null: an event for each reading; else arrays of rows every so many milliseconds. */
  batchMs: number | null;
  /** Number of the last reading that the client has; null: it begins with the next one. */
  lastSeq: number | null;
}

/** Readings as server-sent events: `id:` is the number of the last reading in the event. */
export class EventStream implements StreamSocket {
  readonly #to: Writable;
  readonly #hub: LiveHub;
  #timer: NodeJS.Timeout | undefined;
  #onHeartbeat: () => void = () => undefined;

  constructor(to: Writable, hub: LiveHub) {
    this.#to = to;
    this.#hub = hub;
  }

  /** Sends what the client lacks, then joins `streams`; ends with the connection. */
  async run(streams: Streams, { batchMs, lastSeq }: EventStreamOptions): Promise<void> {
    this.#to.once('close', () => clearInterval(this.#timer));
    this.#timer = setInterval(() => this.#to.write(': still here\n\n'), HEARTBEAT_MS);
    this.#to.write(`retry: ${RETRY_MS}\n\n`);
    if (lastSeq !== null) await this.#catchUp(lastSeq, batchMs !== null);
    if (this.#to.destroyed) return;
    const client = streams.attach(this, batchMs);
    this.#onHeartbeat = () => client.pong();
    this.#to.once('close', () => client.detach());
  }

  get bufferedAmount(): number {
    return this.#to.writableLength;
  }

  send(text: string): void {
    this.#event(this.#hub.nextSeq - 1, text);
  }

  close(): void {
    this.#to.end();
  }

  /** Events go one way: that the connection is still open has to do. */
  ping(): void {
    this.#onHeartbeat();
  }

  /** Rows that are still in memory, then whatever came meanwhile, until there is no more. */
  async #catchUp(lastSeq: number, inArrays: boolean): Promise<void> {
    let next = this.#known(lastSeq) ? lastSeq + 1 : this.#tellUnknown();
    while (next < this.#hub.nextSeq && !this.#to.destroyed) {
      next = this.#tellMissing(next);
      const rows = this.#hub.rowsFrom(next, ROWS_AT_ONCE);
      if (inArrays) this.#event(next + rows.length - 1, `[${rows.join()}]`);
      else for (const [place, row] of rows.entries()) this.#event(next + place, row);
      next += rows.length;
      await this.#left();
    }
  }

  #known(seq: number): boolean {
    return seq >= this.#hub.firstSeq - 1 && seq < this.#hub.nextSeq;
  }

  /** The service has been started anew, or the number was never one of ours. */
  #tellUnknown(): number {
    this.#gap(
      null,
      'The service was started anew since: how many readings are missing is not known.',
    );
    return this.#hub.oldestSeq;
  }

  #tellMissing(next: number): number {
    const missing = this.#hub.oldestSeq - next;
    if (missing <= 0) return next;
    this.#gap(
      missing,
      `${missing} readings are not in memory any more: see the chunks of the session.`,
    );
    return this.#hub.oldestSeq;
  }

  #gap(missing: number | null, detail: string): void {
    this.#to.write(`event: gap\ndata: ${JSON.stringify({ missing, detail })}\n\n`);
  }

  #event(seq: number, data: string): void {
    this.#to.write(`id: ${seq}\ndata: ${data}\n\n`);
  }

  /** Resolves when there is room for more, or nobody takes it. */
  async #left(): Promise<void> {
    if (!this.#to.writableNeedDrain) return;
    const gone = setTimeout(() => this.#to.destroy(), PATIENCE_MS);
    await Promise.race([once(this.#to, 'drain'), once(this.#to, 'close')]);
    clearTimeout(gone);
  }
}
