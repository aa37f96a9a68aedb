import { AppendFile } from './durable-file.ts';

/** What was appended is handed to the system at the latest after this time. */
const WRITE_DELAY_MS = 100;
/** A power cut costs about this much: SD cards don't bear a sync per row. */
const SYNC_DELAY_MS = 1000;

/** A file that brings what it takes to the disk by itself; `append` never waits and never throws. */
export class SteadyFile extends AppendFile {
  readonly #onError: (error: unknown) => void;
  #writeTimer: NodeJS.Timeout | null = null;
  #syncTimer: NodeJS.Timeout | null = null;

  /** `onError` is told of an error in a write that nobody waits for. */
  constructor(path: string, flags: 'ax' | 'a', onError: (error: unknown) => void) {
    super(path, flags);
    this.#onError = onError;
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
    this.flush().catch(this.#onError);
  }

  #sync(): void {
    this.#syncTimer = null;
    this.sync().catch(this.#onError);
  }

  #stopTimers(): void {
    if (this.#writeTimer !== null) clearTimeout(this.#writeTimer);
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
  }
}
