import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionSummary } from '../../shared/session.ts';
import { METADATA } from '../layout.ts';
import { isFileError } from '../local/folder-error.ts';
import { LinkInFolder } from '../local/local-session.ts';
import { pause, pauseAfter } from '../pause.ts';
import type { Report } from '../report.ts';
import type { S3Address } from '../s3-address.ts';
import { Bucket } from './bucket.ts';
import { ObjectStore, type Wanted } from './object-store.ts';
import { loadSdk } from './s3-sdk.ts';
import { StoreFault } from './store-fault.ts';

const BACKOFF_MS = [500, 2000, 5000, 30_000, 60_000];
const NO_CHECKSUMS = 'The object store takes no checksum headers: files go up without them';

/** How much of a session is here. */
export type Here = 'some' | 'all that there is so far' | 'the whole session';

/** Brings sessions into the object store beside all else: what fails there holds up nothing here. */
export class StoreCopy {
  readonly #store: ObjectStore;
  readonly #report: Report;
  readonly #stopping = new AbortController();
  /** Emits `turn` after each attempt. */
  readonly #turns = new EventEmitter();
  /** What is not there yet, by session; what has failed goes to the end. */
  readonly #wanted = new Map<string, Wanted>();
  #working: Promise<void> | null = null;
  #failed: { times: number; sinceMs: number; fault: StoreFault } | null = null;

  private constructor(store: ObjectStore, report: Report) {
    this.#store = store;
    this.#report = report;
  }

  static async open(address: S3Address, vehicle: string, report: Report): Promise<StoreCopy> {
    const bucket = new Bucket(await loadSdk(), address.bucket, () => report.note(NO_CHECKSUMS));
    return new StoreCopy(new ObjectStore(bucket, address, vehicle), report);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#store.stop();
    await this.#working;
  }

  /** Takes note of what lies in the folder now, and returns. */
  async want(summary: SessionSummary, folder: string, here: Here): Promise<void> {
    const metadata = here === 'some' ? null : await readFile(join(folder, METADATA), 'utf8');
    const isWhole = here === 'the whole session';
    this.#wanted.set(summary.session_id, { summary, folder, metadata, isWhole });
    this.#working ??= this.#work();
  }

  /**
   * Resolves with null when everything is in the store, or why it is not: after `giveUpMs` without
   * success, or when the store refuses. null for ever: until it is.
   */
  async settled(giveUpMs: number | null, signal: AbortSignal): Promise<string | null> {
    while (this.#wanted.size > 0) {
      if (giveUpMs !== null && this.#isHopeless(giveUpMs)) return this.#inWords();
      await once(this.#turns, 'turn', { signal });
    }
    return null;
  }

  async #work(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const [next] = this.#wanted.values();
      if (next === undefined) break;
      await this.#bring(next);
      this.#turns.emit('turn');
      await this.#pause();
    }
    this.#working = null;
  }

  async #bring(wanted: Wanted): Promise<void> {
    const id = wanted.summary.session_id;
    try {
      await this.#store.put(wanted);
      if (this.#wanted.get(id) === wanted) this.#wanted.delete(id);
      this.#isBack();
    } catch (error) {
      const newest = this.#wanted.get(id) ?? wanted;
      this.#wanted.delete(id);
      this.#wanted.set(id, newest);
      if (!this.#stopping.signal.aborted) this.#isLost(asFault(error));
    }
  }

  #isLost(fault: StoreFault): void {
    const before = this.#failed;
    const { times, sinceMs } = before ?? { times: 0, sinceMs: performance.now() };
    this.#failed = { times: times + 1, sinceMs, fault };
    if (before?.fault.message !== fault.message) this.#report.lost('object store', fault.message);
  }

  #isBack(): void {
    if (this.#failed === null) return;
    this.#report.back('object store', (performance.now() - this.#failed.sinceMs) / 1000);
    this.#failed = null;
  }

  async #pause(): Promise<void> {
    if (this.#failed === null) return;
    await pause(pauseAfter(BACKOFF_MS, this.#failed.times), this.#stopping.signal);
  }

  /** A refusal counts when each session has met with one. */
  #isHopeless(giveUpMs: number): boolean {
    if (this.#failed === null) return false;
    const { times, sinceMs, fault } = this.#failed;
    if (fault.isRefusal && times >= this.#wanted.size) return true;
    return performance.now() - sinceMs >= giveUpMs;
  }

  #inWords(): string {
    const sessions = this.#wanted.size === 1 ? '1 session is' : `${this.#wanted.size} sessions are`;
    return `${sessions} not in the object store: ${this.#failed?.fault.message}`;
  }
}

/** A file or a store that fails may do better later; anything else is a fault of the program. */
function asFault(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  if (isFileError(error) || error instanceof LinkInFolder) return new StoreFault(error);
  throw error;
}
