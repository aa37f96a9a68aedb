import {
  BATCH_MS,
  OPEN_DEADLINE_MS,
  rowsOf,
  type Transport,
  type TransportEvents,
} from './transport.ts';

/** The address of the stream beside the document, whatever prefix the page is served under. */
export function streamAddress(base: string): string {
  const url = new URL(`stream?batch_ms=${BATCH_MS}`, base);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

/** Readings over a WebSocket. */
export class SocketTransport implements Transport {
  readonly #socket: WebSocket;
  readonly #events: TransportEvents;
  readonly #deadline: ReturnType<typeof setTimeout>;

  constructor(address: string, events: TransportEvents) {
    this.#events = events;
    this.#socket = new WebSocket(address);
    this.#deadline = setTimeout(() => this.#lost(), OPEN_DEADLINE_MS);
    this.#socket.onopen = () => {
      clearTimeout(this.#deadline);
      events.opened();
    };
    this.#socket.onmessage = ({ data }) => events.rows(rowsOf(String(data)));
    this.#socket.onclose = () => this.#lost();
  }

  stop(): void {
    clearTimeout(this.#deadline);
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  #lost(): void {
    this.stop();
    this.#events.lost();
  }
}
