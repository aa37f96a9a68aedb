import type { Instant } from '../../shared/clock.ts';
import { type Digits, notice, type Rejection, type RowReader, whyNoReading } from './line.ts';
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
  read: RowReader;
  tag: string | null;
  quiet: boolean;
  /** A line with a lone value has no second field to show that it was cut. */
  valueOnly: boolean;
}

/** The title follows its blank line at once: after so long without it a line was no cut one. */
const TITLE_MS = 1000;
const LATE_MS = 100;

interface Held {
  digits: Digits;
  at: Instant;
  line: string;
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
  #longest = 0;
  #held: Held | null = null;
  #release: NodeJS.Timeout | undefined;

  constructor(listener: GateListener) {
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Whether a reset would show by nothing but a pause. */
  get isOpenInQuiet(): boolean {
    return this.#open && (this.#expected?.quiet ?? false);
  }

  expect(expected: Expected): void {
    this.#expected = expected;
    this.#longest = 0;
  }

  /** ESC was sent: what is under way still counts, a start line no longer opens. */
  visit(): void {
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
    this.settle();
  }

  /** A row after it, or the end, is about to come: what is held may be cut, and is told as that. */
  settle(): void {
    this.#settleHeld(false);
  }

  line(line: string, at: Instant): void {
    const kind = notice(line);
    if (this.#held) this.#settleHeld(kind !== 'title' && !isHeadOfTitle(line));
    if (kind === 'blank') return;
    if (kind === 'title') this.#leave(line);
    else if (kind === 'start' || (kind === 'reboot' && this.#expected?.quiet)) this.#enter(line);
    else if (kind === 'prompt') this.#prompt(line);
    else if (this.#open) this.#sample(line, at);
    else this.#listener.rejected(this.#visiting ? 'menu' : 'banner', line);
  }

  #prompt(line: string): void {
    this.#open = false;
    this.#listener.rejected('menu', line);
    if (!this.#visiting) this.#listener.fellIntoMenu();
  }

  #enter(line: string): void {
    this.#listener.rejected('banner', line);
    if (this.#visiting || this.#expected === null) return;
    const wasOpen = this.#open;
    this.#open = true;
    if (!wasOpen) this.#listener.sampling();
  }

  #leave(line: string): void {
    const wasOpen = this.#open;
    this.#open = false;
    this.#listener.rejected('banner', line);
    if (wasOpen) this.#listener.left(this.#visiting);
  }

  /**
   * A device that resets between CR and LF leaves its CR, and the blank line of its banner
   * ends the line: a CR more than usual, which shows that the line is whole.
   */
  #sample(sent: string, at: Instant): void {
    const ended = sent.endsWith('\r');
    const line = ended ? sent.slice(0, -1) : sent;
    const digits = this.#expected?.read(line) ?? null;
    if (digits === null) {
      this.#listener.rejected(whyNoReading(line, this.#expected?.tag ?? null), line);
    } else if (this.#looksCut(line) && !ended) this.#hold({ digits, at, line });
    else this.#listener.reading(digits, at);
  }

  /**
   * A device that resets in the middle of `0.010046` leaves `0.01`, and the blank line
   * of its banner ends it. So a lone value that is the first, or shorter than those before,
   * waits for the next line.
   */
  #looksCut(line: string): boolean {
    if (!this.#expected?.valueOnly) return false;
    const decimals = line.length - line.indexOf('.');
    const shorter = this.#longest === 0 || decimals < this.#longest;
    this.#longest = Math.max(this.#longest, decimals);
    return shorter;
  }

  #hold(held: Held): void {
    this.#held = held;
    this.#releaseIn(TITLE_MS);
  }

  /** A timer that is late says that this process was held up: the title may wait to be read. */
  #releaseIn(milliseconds: number): void {
    const due = performance.now() + milliseconds;
    this.#release = setTimeout(() => {
      if (performance.now() - due > LATE_MS) this.#releaseIn(milliseconds);
      else this.#settleHeld(true);
    }, milliseconds);
  }

  /** Whole when a line follows it; cut when the banner's title does, its blank line eaten up. */
  #settleHeld(whole: boolean): void {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    clearTimeout(this.#release);
    if (whole) this.#listener.reading(held.digits, held.at);
    else this.#listener.rejected('cut_short', held.line);
  }
}

/** As much of the title as a second reset left. */
function isHeadOfTitle(line: string): boolean {
  return line !== '' && DEVICE_TITLE.startsWith(line);
}
