import { AppendFile } from './durable-file.ts';
import type { Waiting } from './waiting.ts';

/** What was appended is handed to the system at the latest after this time. */
const WRITE_DELAY_MS = 100;
/** A power cut costs about this much: SD cards don't bear a sync per row. */
const SYNC_DELAY_MS = 1000;

export interface SteadyPlan {
  /** Told of an error in a write that nobody waits for. */
  onError: (error: unknown) => void;
  /** Knows how long the disk takes; null: nobody asks. */
  waiting: Waiting | null;
  /** As {@link AppendFile} has it. */
  after?: Promise<void>;
}

/** A file that brings what it takes to the disk by itself; `append` never waits and never throws. */
export class SteadyFile extends AppendFile {
  readonly #plan: SteadyPlan;
  #writeTimer: NodeJS.Timeout | null = null;
  #syncTimer: NodeJS.Timeout | null = null;

  constructor(path: string, flags: 'ax' | 'a', plan: SteadyPlan) {
    super(path, flags, plan.after);
    this.#plan = plan;
  }

  override append(text: string): void {
    super.append(text);
    this.#writeTimer ??= setTimeout(() => this.#write(), WRITE_DELAY_MS);
    this.#syncTimer ??= setTimeout(() => this.#sync(), SYNC_DELAY_MS);
  }

  override close(): Promise<string> {
    this.#stopTimers();
    return super.close();
  }

  override abandon(): Promise<void> {
    this.#stopTimers();
    return super.abandon();
  }

  #write(): void {
    this.#writeTimer = null;
    this.flush().catch(this.#plan.onError);
  }

  #sync(): void {
    this.#syncTimer = null;
    const { waiting, onError } = this.#plan;
    const synced = this.sync();
    (waiting?.during(synced) ?? synced).catch(onError);
  }

  #stopTimers(): void {
    if (this.#writeTimer !== null) clearTimeout(this.#writeTimer);
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
  }
}
