/** Longer than any line of the device (its menu lines have about 100 characters). */
export const MAX_LINE = 512;

/** What a splitter hands on. */
export interface LineListener {
  /** `place`: of how many line ends in the text that was pushed it is the last, less one. */
  line(text: string, place: number): void;
  /** A line grew beyond MAX_LINE; all of it, its tail too, is thrown away. */
  overlong(): void;
}

/**
 * Cuts text into lines at LF and takes one CR before it away. What comes before the
 * first LF is thrown away: half a line, or the end of one, must never make a number.
 * Use a new splitter for each opening of the port.
 */
export class LineSplitter {
  #rest = '';
  #dropping = true;
  #listener: LineListener;

  constructor(listener: LineListener) {
    this.#listener = listener;
  }

  push(text: string): void {
    let start = 0;
    let place = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#complete(text.slice(start, end), place);
      start = end + 1;
      place += 1;
    }
    this.#keep(text.slice(start));
  }

  /**
   * What came of a line has no end, and the next bytes are not its own: all of it is thrown
   * away, with what comes up to the next line end. Gives what had come; empty: no line had begun.
   */
  cut(): string {
    const head = this.#rest;
    this.#rest = '';
    this.#dropping ||= head !== '';
    return head;
  }

  #complete(tail: string, place: number): void {
    const line = this.#rest === '' ? tail : this.#rest + tail;
    const dropped = this.#dropping;
    this.#rest = '';
    this.#dropping = false;
    if (dropped) return;
    if (line.length > MAX_LINE) this.#listener.overlong();
    else this.#listener.line(line.endsWith('\r') ? line.slice(0, -1) : line, place);
  }

  #keep(text: string): void {
    if (this.#dropping || text === '') return;
    this.#rest += text;
    if (this.#rest.length <= MAX_LINE) return;
    this.#rest = '';
    this.#dropping = true;
    this.#listener.overlong();
  }
}

/** For each line end in a text, how many characters come after it. */
export function behindLines(text: string): number[] {
  const behind: number[] = [];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    behind.push(text.length - end - 1);
  }
  return behind;
}
