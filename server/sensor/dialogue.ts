/** The device did not say what was waited for in time. */
export class NoAnswer extends Error {
  constructor(readonly awaited: string) {
    super(`the sensor did not answer: waited for ${awaited}`);
  }
}

/** The port went away in the middle of a dialogue. */
export class PortClosed extends Error {}

interface Waiter {
  pattern: RegExp;
  resolve(text: string): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** More than a banner and a menu together; older text is forgotten. */
const KEPT_CHARS = 16_384;

/** Waits on what the device prints, byte by byte, each time with a deadline. */
export class Dialogue {
  #text = '';
  #waiter: Waiter | null = null;
  #listening = false;

  data(text: string): void {
    if (!this.#listening) return;
    this.#text = (this.#text + text).slice(-KEPT_CHARS);
    this.#check();
  }

  /** Forgets what was printed so far: what comes next is an answer. */
  begin(): void {
    this.#text = '';
    this.#listening = true;
  }

  /** The device samples: nothing is kept until the next `begin`. */
  end(): void {
    this.#text = '';
    this.#listening = false;
  }

  /**
   * Resolves with all text up to the end of the match, and forgets it.
   * Rejects with NoAnswer after `seconds`, with PortClosed when the port goes away.
   * @param awaited what is waited for, in words.
   */
  expect(awaited: string, pattern: RegExp, seconds: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(new NoAnswer(awaited)), seconds * 1000);
      this.#waiter = { pattern, resolve, reject, timer };
      this.#check();
    });
  }

  closed(reason: string): void {
    this.#fail(new PortClosed(reason));
  }

  #check(): void {
    const match = this.#waiter?.pattern.exec(this.#text);
    if (!match || !this.#waiter) return;
    const end = match.index + match[0].length;
    const said = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    this.#take()?.resolve(said);
  }

  #fail(error: Error): void {
    this.#take()?.reject(error);
  }

  #take(): Waiter | null {
    const waiter = this.#waiter;
    if (waiter) clearTimeout(waiter.timer);
    this.#waiter = null;
    return waiter;
  }
}
