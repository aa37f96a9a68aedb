import type { Instant } from '../../shared/clock.ts';
import type { Decimals } from './decimals.ts';
import { FirstReadings } from './first-readings.ts';
import { type Digits, notice, type ReadingReader, type Rejection, whyNoReading } from './line.ts';
import { DEVICE_TITLE } from './protocol.ts';

/** What the gate hands on. */
export interface GateListener {
  reading(digits: Digits, at: Instant): void;
  rejected(reason: Rejection, line: string): void;
  /** The device began to print its banner or menu; `asked` when we had sent ESC or X. */
  left(asked: boolean): void;
  /** The device said that it samples. */
  sampling(): void;
  /** The device waits in its menu, and nobody asked it to. */
  fellIntoMenu(): void;
}

/** How readings look, and whether the device samples without a start line (quiet mode). */
export interface Expected {
  read: ReadingReader;
  tag: string | null;
  quiet: boolean;
  /** A line with a lone value has no second field to show that it was cut. */
  valueOnly: boolean;
  /** What is known of this sensor's decimals; outlives an opening of the port. */
  decimals: Decimals;
}

/**
 * Decides which lines are readings: those of the announced shape, and only from the
 * device's start line to the next banner or menu.
 */
export class Gate {
  #listener: GateListener;
  #expected: Expected | null = null;
  #open = false;
  #visiting = false;
  #readings: FirstReadings | null = null;

  constructor(listener: GateListener) {
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get isQuiet(): boolean {
    return this.#expected?.quiet ?? false;
  }

  expect(expected: Expected): void {
    this.flushPending();
    this.#expected = expected;
    this.#readings = new FirstReadings(expected.decimals, {
      reading: ({ digits, at }) => this.#listener.reading(digits, at),
      rejected: (reason, { line }) => this.#listener.rejected(reason, line),
    });
  }

  /** ESC was sent: what is under way still counts, a start line no longer opens. */
  menuRequested(): void {
    this.#visiting = true;
  }

  /** X was sent: the next start line opens. */
  restart(): void {
    this.#visiting = false;
    this.#open = false;
  }

  /** The port was opened again on a device that was sampling and may still be. */
  assumeSampling(): void {
    this.#open = this.#expected !== null;
  }

  /** The port is closed: a held line will never be settled. */
  close(): void {
    this.#open = false;
    this.flushPending();
  }

  /** A row that is no reading, or the end, is about to come: see {@link FirstReadings.flushPending}. */
  flushPending(): void {
    this.#readings?.flushPending();
  }

  line(line: string, at: Instant): void {
    const kind = this.#isReading(line) ? 'other' : notice(line);
    // Of a cut line the banner's own blank line is the end: its title follows at once.
    if (kind !== 'title' && !isHeadOfTitle(line)) this.#readings?.followed();
    if (kind === 'blank') return;
    if (kind === 'title') this.#leave(line);
    else if (kind === 'start' || (kind === 'reboot' && this.#expected?.quiet)) this.#enter(line);
    else if (kind === 'prompt') this.#prompt(line);
    else if (this.#open) this.#sample(line, at);
    else this.#listener.rejected(this.#visiting ? 'menu' : 'banner', line);
  }

  /** A preamble may be anything, also what the banner begins with. */
  #isReading(line: string): boolean {
    return this.#open && !isTitle(line) && this.#expected?.read(line.replace(/\r$/, '')) != null;
  }

  #prompt(line: string): void {
    this.#open = false;
    this.#listener.rejected('menu', line);
    if (!this.#visiting) this.#listener.fellIntoMenu();
  }

  #enter(line: string): void {
    this.#listener.rejected('banner', line);
    if (this.#visiting || this.#expected === null) return;
    const isNews = !this.#open || this.#expected.tag !== null;
    this.#open = true;
    // In polled mode a second line may follow, and what was asked before it was not heard.
    if (isNews) this.#listener.sampling();
  }

  #leave(line: string): void {
    const wasOpen = this.#open;
    this.#open = false;
    this.#readings?.flushPending();
    this.#listener.rejected('banner', line);
    if (wasOpen) this.#listener.left(this.#visiting);
  }

  /**
   * A device that resets in the middle of `0.010046` leaves `0.01`, and the blank line of its banner
   * ends it: a lone value has no second field to show that it is whole. One that resets between CR
   * and LF leaves its CR: a CR more than usual, which shows it.
   */
  #sample(sent: string, at: Instant): void {
    const ended = sent.endsWith('\r');
    const line = ended ? sent.slice(0, -1) : sent;
    const digits = this.#expected?.read(line) ?? null;
    if (digits === null) {
      this.#listener.rejected(whyNoReading(line, this.#expected?.tag ?? null), line);
    } else {
      const isWhole = ended || !this.#expected?.valueOnly;
      this.#readings?.take({ digits, at, line, isWhole });
    }
  }
}

/** The whole first line of the banner or menu: it ends with the version of the firmware. */
function isTitle(line: string): boolean {
  return /^Biospherical Instruments Inc: Digital (Log )?Engine (v:|Vers) [\d.]+\r?$/.test(line);
}

/** As much of the title as a second reset left. */
function isHeadOfTitle(line: string): boolean {
  return line !== '' && DEVICE_TITLE.startsWith(line);
}
