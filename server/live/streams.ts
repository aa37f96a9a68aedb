import { STREAM_CLOSE } from '../../shared/api/stream.ts';
import type { Clock } from '../../shared/clock.ts';
import type { LiveHub } from './hub.ts';
import { StreamClient, type StreamSocket } from './stream-client.ts';
import { StreamFeed } from './stream-feed.ts';

const HEARTBEAT_MS = 15_000;

/** All clients of WebSocket /stream. */
export class Streams {
  readonly #hub: LiveHub;
  readonly #clock: Clock;
  readonly #heartbeatMs: number;
  readonly #feeds = new Map<number | null, StreamFeed>();
  readonly #clients = new Set<StreamClient>();
  #heartbeat: NodeJS.Timeout | null = null;

  constructor(hub: LiveHub, clock: Clock, heartbeatMs = HEARTBEAT_MS) {
    this.#hub = hub;
    this.#clock = clock;
    this.#heartbeatMs = heartbeatMs;
  }

  get size(): number {
    return this.#clients.size;
  }

  /**
   * Sends readings to `socket` from now on: each by itself, or arrays every
   * `batchMs` milliseconds. The caller hands on the socket's pongs and its close.
   */
  attach(socket: StreamSocket, batchMs: number | null = null): StreamClient {
    const feed = this.#feed(batchMs);
    const client = new StreamClient(socket, this.#clock, () => this.#detach(client, batchMs));
    this.#clients.add(client);
    feed.add(client);
    this.#heartbeat ??= setInterval(() => this.#beat(), this.#heartbeatMs);
    return client;
  }

  /** Closes every stream, after the readings that it still holds: the server is going away. */
  stop(): void {
    for (const feed of this.#feeds.values()) feed.flush();
    for (const client of this.#clients) {
      client.close(STREAM_CLOSE.goingAway, 'the server is stopping');
    }
  }

  #feed(batchMs: number | null): StreamFeed {
    const feed = this.#feeds.get(batchMs) ?? new StreamFeed(this.#hub, batchMs);
    this.#feeds.set(batchMs, feed);
    return feed;
  }

  #detach(client: StreamClient, batchMs: number | null): void {
    this.#clients.delete(client);
    const feed = this.#feeds.get(batchMs);
    feed?.remove(client);
    if (feed?.empty) this.#feeds.delete(batchMs);
    if (this.#clients.size > 0 || this.#heartbeat === null) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = null;
  }

  #beat(): void {
    for (const client of this.#clients) client.heartbeat();
  }
}
