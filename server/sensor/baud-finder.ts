import type { TriedBaud } from '../../shared/api/sensor.ts';
import { BAUD_RATES } from '../../shared/baud-rates.ts';
import type { Clock } from '../../shared/clock.ts';
import { Link } from '../serial/link.ts';
import type { OpenPort } from '../serial/port.ts';
import { OpenFailed } from './connection.ts';
import { PortClosed } from './dialogue.ts';
import { Latch } from './latch.ts';
import { CR, ESC } from './protocol.ts';

/** Freerun sensors mostly send once a second or more often. */
const LISTEN_S = 1.3;
/** An idle sensor answers ESC at once, with a line that takes half a second at 1200 baud. */
const KNOCK_S = 1.6;
/** CR ends a number that somebody left half typed. */
const KNOCKS = [ESC, CR + ESC];
/** The factory setting, and what is also met in the field. */
const LIKELY = [9600, 115_200];
const KEPT_CHARS = 2000;
/** A reading, or a longer line of plain text: noise makes neither. */
const SENSE = /\d\.\d{1,8}(, -?\d+\.\d{2,3}){0,2}\r\n|[ -~]{12,}\r\n/;

export interface BaudSearch {
  /** null: at none of the rates it was understood. */
  baud: number | null;
  tried: TriedBaud[];
}

/**
 * Finds the baud rate of a sensor. It listens at every rate first: a sensor that streams is
 * known by its lines and not disturbed. Only then it knocks where nothing was heard.
 */
export class BaudFinder {
  readonly #openPort: OpenPort;
  readonly #clock: Clock;
  readonly #understood = new Latch();
  #heard = '';
  #isStopped = false;

  constructor(openPort: OpenPort, clock: Clock) {
    this.#openPort = openPort;
    this.#clock = clock;
  }

  /** Begins with `first`. Rejects with OpenFailed when the port can't be opened. */
  async find(path: string, first: number): Promise<BaudSearch> {
    this.#isStopped = false;
    const heard = new Map<number, TriedBaud['heard']>();
    const result = (baud: number | null) => ({ baud, tried: inWords(heard) });
    for (const knocks of [[''], KNOCKS]) {
      for (const baud of ratesFrom(first)) {
        if ((heard.get(baud) ?? 'nothing') !== 'nothing') continue;
        heard.set(baud, await this.#probe(path, baud, knocks));
        if (heard.get(baud) === 'sensor') return result(baud);
      }
    }
    return result(null);
  }

  /** Breaks a search off. */
  stop(): void {
    this.#isStopped = true;
    this.#understood.cancel();
  }

  async #probe(path: string, baud: number, knocks: string[]): Promise<TriedBaud['heard']> {
    this.#heard = '';
    const link = await Link.open(this.#openPort, path, baud, this.#clock, {
      data: (text) => this.#hear(text),
      closed: () => this.#understood.cancel(),
    }).catch((error: Error) => {
      throw new OpenFailed(error.message, { cause: error });
    });
    try {
      for (const keys of knocks) {
        if (this.#isStopped || !link.isOpen) throw new PortClosed('the search was broken off');
        if (keys !== '') link.send(keys);
        if (await this.#understood.wait(keys === '' ? LISTEN_S : KNOCK_S)) return 'sensor';
      }
      return this.#heard === '' ? 'nothing' : 'noise';
    } finally {
      await link.close();
    }
  }

  #hear(text: string): void {
    this.#heard = (this.#heard + text).slice(-KEPT_CHARS);
    if (SENSE.test(this.#heard)) this.#understood.fire();
  }
}

/** The likely ones first, then from fast to slow. */
function ratesFrom(first: number): number[] {
  return [...new Set([first, ...LIKELY, ...BAUD_RATES.toReversed()])];
}

function inWords(heard: ReadonlyMap<number, TriedBaud['heard']>): TriedBaud[] {
  return [...heard].map(([baud, what]) => ({ baud, heard: what }));
}
