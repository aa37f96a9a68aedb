import { Backoff } from './backoff.ts';
import { eventsAddress } from './event-source.ts';
import { SharedEvents } from './shared-events.ts';
import { SocketTransport, streamAddress } from './socket.ts';
import type { StreamEvents, Transport, TransportEvents } from './transport.ts';

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 4000;
/** While events do, a WebSocket is tried again after so long. */
const SOCKET_AGAIN_MS = 60_000;

/**
 * Readings that come back by themselves until they are stopped: over a WebSocket, and as
 * server-sent events while that does not open. BlueOS 1.4.0 to 1.4.3 pass no WebSocket.
 */
export class ReadingStream {
  readonly #base: string;
  readonly #events: StreamEvents;
  readonly #backoff = new Backoff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  #transport: Transport | null = null;
  /** A WebSocket that may take the place of the events. */
  #candidate: Transport | null = null;
  #again: ReturnType<typeof setInterval> | undefined;
  #isOpen = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  /** `base`: the address of the document. */
  constructor(base: string, events: StreamEvents) {
    this.#base = base;
    this.#events = events;
  }

  start(): void {
    this.#running = true;
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    this.#drop();
  }

  /** Throws away a connection that may be dead (sleep, lost tether) and connects at once. */
  restart(): void {
    if (!this.#running) return;
    this.#backoff.reset();
    this.#drop();
    this.#connect();
  }

  #connect(): void {
    const events = this.#eventsOf(() => this.#tryEvents());
    this.#transport = new SocketTransport(streamAddress(this.#base), events);
  }

  /** A socket that was open and broke is asked for again; one that never opened is not let through. */
  #tryEvents(): void {
    const wasOpen = this.#isOpen;
    this.#drop();
    if (wasOpen) this.#later();
    else {
      const events = this.#eventsOf(() => {
        this.#drop();
        this.#later();
      });
      this.#transport = new SharedEvents(eventsAddress(this.#base), events);
      this.#again = setInterval(() => this.#trySocket(), SOCKET_AGAIN_MS);
    }
  }

  #trySocket(): void {
    if (document.hidden) return;
    const events = this.#eventsOf(() => this.#tryEvents());
    const socket = new SocketTransport(streamAddress(this.#base), {
      ...events,
      opened: () => {
        this.#candidate = null;
        this.#drop();
        this.#transport = socket;
        events.opened();
      },
      lost: () => {
        if (this.#transport === socket) events.lost();
      },
    });
    this.#candidate = socket;
  }

  #eventsOf(lost: () => void): TransportEvents {
    return {
      opened: () => {
        this.#isOpen = true;
        this.#backoff.reset();
        this.#events.opened();
      },
      rows: (rows) => {
        if (rows.length > 0) this.#events.rows(rows);
      },
      closed: () => this.#closed(),
      lost,
    };
  }

  #later(): void {
    if (this.#running) this.#timer = setTimeout(() => this.#connect(), this.#backoff.next());
  }

  #drop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#again);
    for (const transport of [this.#transport, this.#candidate]) transport?.stop();
    this.#transport = this.#candidate = null;
    this.#closed();
  }

  #closed(): void {
    if (this.#isOpen) this.#events.closed();
    this.#isOpen = false;
  }
}
