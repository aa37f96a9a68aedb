import { pollInit, pollQuery } from './protocol.ts';

/** How a polled device is asked. */
export interface Polling {
  tag: string;
  /** Seconds that the device needs for one average. */
  averageS: number;
  /** Queries a second at the most; the device sets the pace when it is slower. */
  pollHz: number;
}

/** A query is repeated after this many averages without an answer, and a margin. */
const PATIENCE_AVERAGES = 3;
const PATIENCE_MARGIN_S = 2;

/**
 * Asks a polled device for one reading after the other. The next query goes out when
 * the last one was answered, and not before its time.
 */
export class Poller {
  #send: (text: string) => void;
  #polling: Polling;
  #timer: NodeJS.Timeout | undefined;
  #askedAt = 0;

  constructor(send: (text: string) => void, polling: Polling) {
    this.#send = send;
    this.#polling = polling;
  }

  /** Begins, and begins again after each reset: without the init no query is answered. */
  start(): void {
    this.#send(pollInit(this.#polling.tag));
    this.#after(this.#polling.averageS, () => this.#query());
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  answered(): void {
    const due = this.#askedAt + 1 / this.#polling.pollHz - performance.now() / 1000;
    this.#after(Math.max(0, due), () => this.#query());
  }

  #query(): void {
    this.#askedAt = performance.now() / 1000;
    this.#send(pollQuery(this.#polling.tag));
    const patience = PATIENCE_AVERAGES * this.#polling.averageS + PATIENCE_MARGIN_S;
    this.#after(patience, () => this.start());
  }

  #after(seconds: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, seconds * 1000);
  }
}
