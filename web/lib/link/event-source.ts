import type { Row } from '../../../shared/row.ts';
import { BATCH_MS, OPEN_DEADLINE_MS, rowsOf, type Transport } from './transport.ts';

export interface EventSourceEvents {
  opened(): void;
  /** `lastSeq` is the number of the last row: they count up by one. */
  rows(rows: readonly Row[], lastSeq: number): void;
  lost(): void;
}

/** The address of the server-sent events beside the document. */
export function eventsAddress(base: string): string {
  return new URL(`stream/events?batch_ms=${BATCH_MS}`, base).href;
}

/** Readings as server-sent events: they pass where a proxy lets no WebSocket through. */
export class EventTransport implements Transport {
  readonly #source: EventSource;
  readonly #events: EventSourceEvents;
  readonly #deadline: ReturnType<typeof setTimeout>;

  /** `after`: number of the last row that is here; null: the rows from now on. */
  constructor(address: string, after: number | null, events: EventSourceEvents) {
    this.#events = events;
    this.#source = new EventSource(after === null ? address : `${address}&last_event_id=${after}`);
    this.#deadline = setTimeout(() => this.#lost(), OPEN_DEADLINE_MS);
    this.#source.onopen = () => {
      clearTimeout(this.#deadline);
      events.opened();
    };
    this.#source.onmessage = ({ data, lastEventId }) =>
      events.rows(rowsOf(String(data)), Number(lastEventId));
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
