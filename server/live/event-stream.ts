import type { Writable } from 'node:stream';
import { STREAM_CLOSE } from '../../shared/api/stream.ts';
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
  readonly #heartbeatMs: number;
  #timer: NodeJS.Timeout | undefined;
  #onHeartbeat: () => void = () => undefined;

  constructor(to: Writable, hub: LiveHub, heartbeatMs = HEARTBEAT_MS) {
    this.#to = to;
    this.#hub = hub;
    this.#heartbeatMs = heartbeatMs;
  }

  /** Sends what the client lacks, then joins `streams`; ends with the connection. */
  async run(streams: Streams, { batchMs, lastSeq }: EventStreamOptions): Promise<void> {
    if (this.#to.destroyed) return;
    this.#to.once('close', () => clearInterval(this.#timer));
    this.#timer = setInterval(() => this.#to.write(': still here\n\n'), this.#heartbeatMs);
    this.#to.write(`retry: ${RETRY_MS}\n\n`);
    let next = this.#begin(lastSeq);
    while (next < this.#hub.nextSeq && !this.#to.destroyed) {
      next = await this.#sendFrom(next, batchMs !== null);
    }
    // Nothing is awaited from here on: a reading in between would be lost.
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

  /** One that takes nothing is cut off: it would never take the end either. */
  close(code: number): void {
    clearInterval(this.#timer);
    if (code === STREAM_CLOSE.tooSlow) this.#to.destroy();
    else this.#to.end();
  }

  /** Events go one way: that the connection is still open has to do. */
  ping(): void {
    this.#onHeartbeat();
  }

  /**
   * Gives the number of the first reading to be sent. The client is told the one before it at once:
   * whoever is cut off before the first reading comes back with a number too.
   */
  #begin(lastSeq: number | null): number {
    const next = lastSeq === null ? this.#hub.nextSeq : this.#after(lastSeq);
    this.#to.write(`id: ${next - 1}\n\n`);
    return next;
  }

  #after(lastSeq: number): number {
    return this.#known(lastSeq) ? lastSeq + 1 : this.#tellUnknown();
  }

  /** Sends a block of rows that are still in memory; gives the number of the row after them. */
  async #sendFrom(from: number, inArrays: boolean): Promise<number> {
    const next = this.#tellMissing(from);
    const rows = this.#hub.rowsFrom(next, ROWS_AT_ONCE);
    if (inArrays) this.#event(next + rows.length - 1, `[${rows.join()}]`);
    else for (const [place, row] of rows.entries()) this.#event(next + place, row);
    await this.#left();
    return next + rows.length;
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
    if (!this.#to.writableNeedDrain || this.#to.destroyed) return;
    const gone = setTimeout(() => this.#to.destroy(), PATIENCE_MS);
    await this.#drainOrClose();
    clearTimeout(gone);
  }

  #drainOrClose(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#to.off('drain', done).off('close', done);
        resolve();
      };
      this.#to.on('drain', done).on('close', done);
    });
  }
}
