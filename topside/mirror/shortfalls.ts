import { pauseAfter } from '../pause.ts';
import type { Missing } from '../remote/file-faults.ts';
import type { Report } from '../report.ts';

/** Between two attempts at a session that something is wrong with; then as the last one. */
const PAUSES_MS = [500, 2000, 30_000, 300_000];
/** With --once: after so many attempts it counts as missing. */
const MOST_TRIES = 3;

/** What an attempt at a session did not bring. */
export interface Found {
  session: string;
  /** What the vehicle has of it: when that changes, it is tried at once. */
  key: string;
  /** Nothing: all is here. */
  missing: readonly Missing[];
}

interface Shortfall {
  key: string;
  /** What is missing, in words. */
  what: readonly string[];
  tries: number;
  nextAt: number;
}

/** Sessions of which something is missing here, what, and when each is tried again. */
export class Shortfalls {
  readonly #report: Report;
  readonly #once: boolean;
  readonly #bySession = new Map<string, Shortfall>();

  constructor(report: Report, once: boolean) {
    this.#report = report;
    this.#once = once;
  }

  found({ session, key, missing }: Found): void {
    const before = this.#bySession.get(session);
    this.#bySession.delete(session);
    if (missing.length === 0) return;
    const what = missing.map(({ words }) => words);
    const isFinal = missing.every((one) => one.isFinal);
    const tries = isFinal ? MOST_TRIES : (before?.tries ?? 0) + 1;
    const nextAt = performance.now() + pauseAfter(PAUSES_MS, tries);
    this.#bySession.set(session, { key, what, tries, nextAt });
    if (before?.what.join() === what.join()) return;
    const more = what.length > 1 ? `, and ${what.length - 1} more` : '';
    this.#report.note(`${session} is not all here: ${what[0]}${more}`);
  }

  /** Whether it is to be left alone for now; for good where it was tried often enough. */
  isPaused(session: string, key: string): boolean {
    const known = this.#bySession.get(session);
    if (known?.key !== key) return false;
    return this.#isGivenUp(known) || performance.now() < known.nextAt;
  }

  /** Whether any of these is still to be tried before leaving. */
  isPending(session: string): boolean {
    const known = this.#bySession.get(session);
    return known !== undefined && !this.#isGivenUp(known);
  }

  /** Names all that is missing, at the end. */
  tell(): void {
    for (const [session, { what }] of this.#bySession) {
      for (const words of what) this.#report.note(`missing: ${session}: ${words}`);
    }
  }

  get any(): boolean {
    return this.#bySession.size > 0;
  }

  #isGivenUp({ tries }: Shortfall): boolean {
    return this.#once && tries >= MOST_TRIES;
  }
}
