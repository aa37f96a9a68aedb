import type { LiveHub } from './hub.ts';
import type { StreamClient } from './stream-client.ts';

/**
 * Readings for all clients that want them in the same form: each by itself
 * (`batchMs` null) or as arrays. A frame's text is made once for all of them.
 */
export class StreamFeed {
  readonly #hub: LiveHub;
  readonly #batchMs: number | null;
  readonly #clients = new Set<StreamClient>();
  #unsubscribe: (() => void) | null = null;
  #pending = '';
  #timer: NodeJS.Timeout | null = null;

  constructor(hub: LiveHub, batchMs: number | null) {
    this.#hub = hub;
    this.#batchMs = batchMs;
  }

  get empty(): boolean {
    return this.#clients.size === 0;
  }

  /** A newcomer gets the readings from now on, none of the batch under way. */
  add(client: StreamClient): void {
    this.flush();
    this.#clients.add(client);
    this.#unsubscribe ??= this.#hub.subscribe((prefix) => this.#take(`${prefix}}`));
  }

  remove(client: StreamClient): void {
    this.#clients.delete(client);
    if (!this.empty) return;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.flush();
  }

  /** Sends the batch under way now. */
  flush(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    const batch = `[${this.#pending}]`;
    this.#pending = '';
    this.#send(batch);
  }

  #take(row: string): void {
    if (this.#batchMs === null) {
      this.#send(row);
      return;
    }
    this.#pending += this.#pending === '' ? row : `,${row}`;
    this.#timer ??= setTimeout(() => this.flush(), this.#batchMs);
  }

  #send(text: string): void {
    for (const client of this.#clients) client.send(text);
  }
}
