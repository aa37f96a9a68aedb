import type { Row } from '../../../shared/row.ts';
import { Backoff } from './backoff.ts';

export interface StreamEvents {
  /** The stream is open: readings follow from now on. What was before must be asked for. */
  opened(): void;
  rows(rows: readonly Row[]): void;
  closed(): void;
}

const BATCH_MS = 100;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 4000;
/** A socket that does not open by then hangs on a dead tether. */
const OPEN_DEADLINE_MS = 5000;

/** The address of the stream beside the document, whatever prefix the page is served under. */
export function streamAddress(base: string): string {
  const url = new URL(`stream?batch_ms=${BATCH_MS}`, base);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

/** WebSocket of readings that comes back by itself until it is stopped. */
export class ReadingStream {
  readonly #address: string;
  readonly #events: StreamEvents;
  readonly #backoff = new Backoff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor(address: string, events: StreamEvents) {
    this.#address = address;
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

  /** Throws away a socket that may be dead (sleep, lost tether) and connects at once. */
  restart(): void {
    if (!this.#running) return;
    this.#backoff.reset();
    this.#drop();
    this.#connect();
  }

  #connect(): void {
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost(socket), OPEN_DEADLINE_MS);
    socket.onopen = () => this.#open();
    socket.onmessage = (message) => this.#message(String(message.data));
    socket.onclose = () => this.#lost(socket);
  }

  #open(): void {
    clearTimeout(this.#timer);
    this.#backoff.reset();
    this.#events.opened();
  }

  #message(text: string): void {
    const rows = JSON.parse(text) as Row[];
    if (rows.length > 0) this.#events.rows(rows);
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#drop();
    if (this.#running) this.#timer = setTimeout(() => this.#connect(), this.#backoff.next());
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#events.closed();
  }
}
