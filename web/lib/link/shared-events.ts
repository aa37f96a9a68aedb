import type { Row } from '../../../shared/row.ts';
import { EventTransport } from './event-source.ts';
import type { Transport, TransportEvents } from './transport.ts';

const TICK_MS = 400;
/** A page that hears of no leader for so long becomes one; not all at the same moment. */
const SILENT_MS = 1500;
const SPREAD_MS = 900;
/** Who is new asks, and hears of a leader sooner than that. */
const ANSWER_MS = 300;

/** What pages of one browser say to each other; `from` is a page. */
type Message =
  | { kind: 'rows'; from: number; rows: readonly Row[] }
  | { kind: 'asks' | 'claims' | 'leads' | 'leaves'; from: number };

/**
 * Server-sent events for all pages of a browser. A browser opens six connections to one address, and
 * behind BlueOS's its own page and Cockpit share them: one page that can be seen holds the only
 * stream and hands its rows on; when it goes or is hidden, another takes over.
 */
export class SharedEvents implements Transport {
  readonly #address: string;
  readonly #events: TransportEvents;
  readonly #channel: BroadcastChannel;
  readonly #me = Math.random();
  readonly #timer: ReturnType<typeof setInterval>;
  /** Of the page that leads, or is about to. */
  #source: EventTransport | null = null;
  #isOpen = false;
  /** When this page will lead, unless it hears of a leader before. */
  #dueAt = performance.now() + ANSWER_MS + SPREAD_MS * Math.random();

  constructor(address: string, events: TransportEvents) {
    this.#address = address;
    this.#events = events;
    this.#channel = new BroadcastChannel(`readings of ${address}`);
    this.#channel.onmessage = ({ data }) => this.#hear(data as Message);
    document.addEventListener('visibilitychange', this.#visibility);
    window.addEventListener('pagehide', this.#leave);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#say('asks');
  }

  stop(): void {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#visibility);
    window.removeEventListener('pagehide', this.#leave);
    this.#leave();
    this.#channel.close();
  }

  #say(kind: 'asks' | 'claims' | 'leads' | 'leaves'): void {
    this.#channel.postMessage({ kind, from: this.#me } satisfies Message);
  }

  #tick(): void {
    if (this.#source) this.#say(this.#isOpen ? 'leads' : 'claims');
    else if (performance.now() > this.#dueAt) this.#withoutLeader();
  }

  #withoutLeader(): void {
    this.#close();
    if (document.hidden) return;
    this.#say('claims');
    this.#source = new EventTransport(this.#address, {
      opened: () => {
        this.#open();
        this.#say('leads');
      },
      rows: (rows) => {
        this.#channel.postMessage({ kind: 'rows', from: this.#me, rows } satisfies Message);
        this.#events.rows(rows);
      },
      closed: () => {},
      lost: () => {
        this.stop();
        this.#events.lost();
      },
    });
  }

  #hear(message: Message): void {
    if (message.kind === 'asks') this.#answer();
    else if (message.kind === 'leaves') this.#dueIn(0);
    else if (this.#source && !this.#yieldsTo(message)) this.#answer();
    else this.#follow(message);
  }

  #answer(): void {
    if (this.#source) this.#say(this.#isOpen ? 'leads' : 'claims');
  }

  /** Of two, the one whose stream is open stays; of two alike, the one with the lower number. */
  #yieldsTo({ kind, from }: Message): boolean {
    const othersIsOpen = kind !== 'claims';
    return othersIsOpen === this.#isOpen ? from < this.#me : othersIsOpen;
  }

  #follow(message: Message): void {
    this.#source?.stop();
    this.#source = null;
    this.#dueIn(SILENT_MS);
    if (message.kind === 'claims') return;
    this.#open();
    if (message.kind === 'rows') this.#events.rows(message.rows);
  }

  #dueIn(milliseconds: number): void {
    this.#dueAt = performance.now() + milliseconds + SPREAD_MS * Math.random();
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#events.opened();
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#events.closed();
  }

  readonly #visibility = (): void => {
    if (document.hidden) this.#leave();
  };

  /** Gives the stream up, so that another page can have it. */
  readonly #leave = (): void => {
    if (!this.#source) return;
    this.#source.stop();
    this.#source = null;
    this.#close();
    this.#dueIn(0);
    this.#say('leaves');
  };
}
