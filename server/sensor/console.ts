import type { ConsoleLine } from '../../shared/api/sensor.ts';
import { type Instant, isoMicros } from '../../shared/clock.ts';

const KEPT_LINES = 400;
const KEPT_CHARS = 200;

interface Line {
  at: Instant;
  kind: string;
  text: string;
}

/** The last lines from and to the device, and counters of those that were no readings. */
export class SerialConsole {
  #lines: Line[] = [];
  #next = 0;
  #rejected: Record<string, number> = {};

  note(kind: string, text: string, at: Instant): void {
    this.#lines[this.#next] = { kind, at, text: text.slice(0, KEPT_CHARS) };
    this.#next = (this.#next + 1) % KEPT_LINES;
  }

  count(reason: string): void {
    this.#rejected[reason] = (this.#rejected[reason] ?? 0) + 1;
  }

  get rejected(): Record<string, number> {
    return { ...this.#rejected };
  }

  /** Oldest first. */
  lines(): ConsoleLine[] {
    const ordered = [...this.#lines.slice(this.#next), ...this.#lines.slice(0, this.#next)];
    return ordered.map(({ at, kind, text }) => ({
      timestamp: isoMicros(at.wallMicros),
      kind,
      text: printable(text),
    }));
  }
}

/** Control and other bytes as \xNN, so that garbage can be seen. */
function printable(text: string): string {
  return text.replace(
    /[^\x20-\x7e]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
