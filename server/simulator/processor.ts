/**
 * The device's processor: it runs a program that prints, pauses and waits for
 * keys, in device seconds. No timers and no I/O: whoever drives it says what time it is.
 */
export type Step =
  | { kind: 'print'; text: string; reading: boolean }
  | { kind: 'pause'; seconds: number }
  | { kind: 'key'; until: number };

/** A part of the program. It is resumed with the key that was heard, or null. */
export type Routine<T = void> = Generator<Step, T, string | null>;

/** Text on its way out: the first bit leaves at `start`, the last at `end` (device seconds). */
export interface Emission {
  text: string;
  start: number;
  end: number;
  /** Whether it is a reading, not dialogue. */
  reading: boolean;
}

/** What the processor shares with its program. */
export interface Timing {
  /** Device seconds since power-on of the first start. */
  now: number;
  /** The line's speed in use. */
  baud: number;
}

const BITS_PER_BYTE = 10;

export const print = (text: string): Step => ({ kind: 'print', text, reading: false });
export const printLine = (text: string): Step => print(`${text}\r\n`);
/** Sends a reading. ESC or `?` is heard meanwhile and obeyed when the line is complete. */
export const send = (text: string): Step => ({
  kind: 'print',
  text: `${text}\r\n`,
  reading: true,
});
export const pause = (seconds: number): Step => ({ kind: 'pause', seconds });
/** Waits for one key until that moment, without limit if none is given. */
export const key = (until = Number.POSITIVE_INFINITY): Step => ({ kind: 'key', until });

export const isEscape = (char: string): boolean => char === '\x1b' || char === '?';

export class Processor {
  readonly #timing: Timing;
  readonly #program: () => Routine<never>;
  #routine: Routine<never> | null = null;
  #step: Step = pause(0);
  #due = Number.POSITIVE_INFINITY;
  #heard: string | null = null;
  #emissions: Emission[] = [];

  constructor(timing: Timing, program: () => Routine<never>) {
    this.#timing = timing;
    this.#program = program;
  }

  /** When something happens next if no key comes; Infinity: nothing. */
  get due(): number {
    return this.#due;
  }

  /** Power-on and reset: the program starts from its beginning. */
  reset(now: number): void {
    this.#timing.now = now;
    this.#routine = this.#program();
    this.#resume();
  }

  /** Power off: nothing happens until the next reset. */
  halt(): void {
    this.#routine = null;
    this.#step = pause(0);
    this.#due = Number.POSITIVE_INFINITY;
    this.#heard = null;
  }

  /** Lives through the time until `until` and returns what began to leave in it. */
  run(until: number): Emission[] {
    while (this.#due <= until) {
      this.#timing.now = this.#due;
      this.#resume();
    }
    const emissions = this.#emissions;
    this.#emissions = [];
    return emissions;
  }

  /** A character arrives. Lost while the program prints dialogue or pauses, as on hardware. */
  input(char: string, now: number): void {
    if (this.#step.kind === 'key') {
      this.#timing.now = now;
      this.#heard = char;
      this.#resume();
    } else if (this.#step.kind === 'print' && this.#step.reading && isEscape(char)) {
      this.#heard = char;
    }
  }

  #resume(): void {
    const heard = this.#heard;
    this.#heard = null;
    if (this.#routine) this.#begin(this.#routine.next(heard).value);
  }

  #begin(step: Step): void {
    const { now, baud } = this.#timing;
    this.#step = step;
    if (step.kind === 'print') {
      this.#due = now + (step.text.length * BITS_PER_BYTE) / baud;
      this.#emissions.push({
        text: step.text,
        start: now,
        end: this.#due,
        reading: step.reading,
      });
    } else if (step.kind === 'pause') this.#due = now + step.seconds;
    else this.#due = Math.max(now, step.until);
  }
}
