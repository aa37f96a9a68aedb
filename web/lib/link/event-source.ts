import {
  BATCH_MS,
  OPEN_DEADLINE_MS,
  rowsOf,
  type Transport,
  type TransportEvents,
} from './transport.ts';

/** The address of the server-sent events beside the document. */
export function eventsAddress(base: string): string {
  return new URL(`stream/events?batch_ms=${BATCH_MS}`, base).href;
}

/** Readings as server-sent events: they pass where a proxy lets no WebSocket through. */
export class EventTransport implements Transport {
  readonly #source: EventSource;
  readonly #events: TransportEvents;
  readonly #deadline: ReturnType<typeof setTimeout>;

  constructor(address: string, events: TransportEvents) {
    this.#events = events;
    this.#source = new EventSource(address);
    this.#deadline = setTimeout(() => this.#lost(), OPEN_DEADLINE_MS);
    this.#source.onopen = () => {
      clearTimeout(this.#deadline);
      events.opened();
    };
    this.#source.onmessage = ({ data }) => events.rows(rowsOf(String(data)));
    // The browser would come back by itself: what was missed is asked for as after any other loss.
    this.#source.onerror = () => this.#lost();
  }

  stop(): void {
    clearTimeout(this.#deadline);
    this.#source.close();
  }

  #lost(): void {
    this.stop();
    this.#events.lost();
  }
}
