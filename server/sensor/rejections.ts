import type { Rejection } from './line.ts';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 5000;

/** What was rejected since the last report. */
export interface RejectionReport {
  reasons: Partial<Record<Rejection, number>>;
  example: string;
}

/**
 * Gathers lines that should have been readings into few reports: the first after a
 * second, then more and more rarely while they keep coming.
 */
export class Rejections {
  #report: (report: RejectionReport) => void;
  #pending: RejectionReport | null = null;
  #timer: NodeJS.Timeout | undefined;
  #waitMs = FIRST_WAIT_MS;

  constructor(report: (report: RejectionReport) => void) {
    this.#report = report;
  }

  add(reason: Rejection, line: string): void {
    this.#pending ??= { reasons: {}, example: line.slice(0, 80) };
    this.#pending.reasons[reason] = (this.#pending.reasons[reason] ?? 0) + 1;
    this.#timer ??= setTimeout(() => this.#due(), this.#waitMs);
  }

  /** Reports what is pending at once: before a session ends, or at the stop. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = null;
    if (pending) this.#report(pending);
  }

  #due(): void {
    const quiet = this.#pending === null;
    this.flush();
    this.#waitMs = quiet ? FIRST_WAIT_MS : Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    if (!quiet) this.#timer = setTimeout(() => this.#due(), this.#waitMs);
  }
}
