import type { Row } from '../../../shared/row.ts';
import { EventTransport } from './event-source.ts';
import { RowOrder } from './row-order.ts';
import type { Transport, TransportEvents } from './transport.ts';

const TICK_MS = 400;
/** A page that hears of no leader for so long becomes one; not all at the same moment. */
const SILENT_MS = 1500;
const SPREAD_MS = 900;
/** Who is new asks, and hears of a leader sooner than that. */
const ANSWER_MS = 300;
/** A new leader goes on where the last one stopped; after longer than that it begins anew. */
const RESUMABLE_MS = 10_000;

type Word = 'asks' | 'claims' | 'leads' | 'leaves';

/** What pages of one browser say to each other; `from` is a page. */
type Message =
  | { kind: 'rows'; from: number; rows: readonly Row[]; lastSeq: number }
  | { kind: Word; from: number };

/**
 * Server-sent events for all pages of a browser. A browser opens six connections to one address, and
 * behind BlueOS's its own page and Cockpit share them: one page that can be seen holds the only
 * stream and hands its rows on; when it goes or is hidden, another takes over where it stopped.
 */
export class SharedEvents implements Transport {
  readonly #address: string;
  readonly #events: TransportEvents;
  readonly #channel: BroadcastChannel;
  readonly #me = Math.random();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #order = new RowOrder();
  /** Of the page that leads, or is about to. */
  #source: EventTransport | null = null;
  #leads = false;
  #isOpen = false;
  /** When there last was an open stream, here or in another page. */
  #openAt = 0;
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

  #say(kind: Word): void {
    this.#channel.postMessage({ kind, from: this.#me } satisfies Message);
  }

  #tick(): void {
    if (this.#source) this.#answer();
    else if (performance.now() > this.#dueAt) this.#withoutLeader();
  }

  #withoutLeader(): void {
    if (performance.now() - this.#openAt > RESUMABLE_MS) this.#close();
    if (document.hidden) return;
    this.#source = new EventTransport(this.#address, this.#order.last, {
      opened: () => {
        this.#leads = true;
        this.#say('leads');
        this.#open();
      },
      rows: (rows, lastSeq) => {
        this.#channel.postMessage({
          kind: 'rows',
          from: this.#me,
          rows,
          lastSeq,
        } satisfies Message);
        this.#take(rows, lastSeq);
      },
      lost: () => {
        this.stop();
        this.#events.lost();
      },
    });
    this.#say('claims');
  }

  #hear(message: Message): void {
    if (message.kind === 'asks') this.#answer();
    else if (message.kind === 'leaves') this.#dueIn(0);
    else if (this.#source && !this.#yieldsTo(message)) this.#answer();
    else this.#follow(message);
  }

  #answer(): void {
    if (this.#source) this.#say(this.#leads ? 'leads' : 'claims');
  }

  /** Of two, the one whose stream is open stays; of two alike, the one with the lower number. */
  #yieldsTo({ kind, from }: Message): boolean {
    const othersIsOpen = kind !== 'claims';
    return othersIsOpen === this.#leads ? from < this.#me : othersIsOpen;
  }

  #follow(message: Message): void {
    this.#giveUp();
    this.#dueIn(SILENT_MS);
    if (message.kind === 'claims') return;
    this.#open();
    if (message.kind === 'rows') this.#take(message.rows, message.lastSeq);
  }

  /** Two pages may bring the same rows for a moment, and none for another. */
  #take(rows: readonly Row[], lastSeq: number): void {
    if (!this.#order.follows(rows, lastSeq)) {
      this.#close();
      this.#open();
    }
    this.#events.rows(this.#order.unknownOf(rows, lastSeq));
  }

  #dueIn(milliseconds: number): void {
    this.#dueAt = performance.now() + milliseconds + SPREAD_MS * Math.random();
  }

  #open(): void {
    this.#openAt = performance.now();
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#events.opened();
  }

  #close(): void {
    this.#order.last = null;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#events.closed();
  }

  #giveUp(): void {
    this.#source?.stop();
    this.#source = null;
    if (this.#leads) this.#openAt = performance.now();
    this.#leads = false;
  }

  readonly #visibility = (): void => {
    if (document.hidden) this.#leave();
  };

  /** Gives the stream up, so that another page can have it. */
  readonly #leave = (): void => {
    if (!this.#source) return;
    this.#giveUp();
    this.#dueIn(0);
    this.#say('leaves');
  };
}
