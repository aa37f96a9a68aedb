import { ApiError } from '../../shared/errors.ts';
import { inTime } from '../files/in-time.ts';
import { DISK_PATIENCE_MS, DiskStandsStill } from '../files/storage-error.ts';
import type { Recorder, Stopped } from '../recording/recorder.ts';

interface Ending {
  sessionId: string;
  done: Promise<Stopped>;
  begunAt: number;
  /** Whoever stopped the session was answered before it was safe. */
  isLate: boolean;
}

/** Ends the session for calls that must be answered in time, however long the disk takes. */
export class Sealing {
  readonly #recorder: Recorder;
  #last: Ending | null = null;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /**
   * Resolves when every row is in a finalized chunk. Rejects with storage_unavailable when that
   * takes too long: it goes on, and the same call again waits for it again. `detail` says why.
   */
  stop(sessionId: string, detail?: string): Promise<Stopped> {
    const last = this.#last;
    const again = last?.isLate && last.sessionId === sessionId && !this.#recorder.isRecording;
    if (again) return this.#answer(last, DISK_PATIENCE_MS);
    this.#recorder.check(sessionId);
    return this.#answer(this.#begin(sessionId, detail), DISK_PATIENCE_MS);
  }

  /** Ends what is recorded, also where another call is at it already; does not wait twice. */
  async finish(): Promise<void> {
    const { active } = this.#recorder;
    if (active) await this.#answer(this.#begin(active.id), DISK_PATIENCE_MS);
    else if (this.#last) await this.#settled(this.#last);
  }

  #begin(sessionId: string, detail?: string): Ending {
    const done = this.#recorder.stop(detail);
    this.#last = { sessionId, done, begunAt: performance.now(), isLate: false };
    return this.#last;
  }

  /** How it ended was told to whoever began it; only that it has not is news. */
  async #settled(ending: Ending): Promise<void> {
    const left = ending.begunAt + DISK_PATIENCE_MS - performance.now();
    const settled = ending.done.then(
      () => undefined,
      () => undefined,
    );
    await inTime(settled, Math.max(0, left), notSafeYet);
  }

  async #answer(ending: Ending, limitMs: number): Promise<Stopped> {
    ending.isLate = false;
    return await inTime(ending.done, limitMs, () => {
      ending.isLate = true;
      void ending.done.catch(throwUnexpected);
      return notSafeYet();
    });
  }
}

/** Nobody waits for it any more; what the disk did stands in the status. */
function throwUnexpected(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}

function notSafeYet(): DiskStandsStill {
  return new DiskStandsStill(
    'The disk has not confirmed the last rows yet: they are being finalized, and GET /record/status ' +
      'tells when they are safe (is_sealing). Stop again to wait for it; keep the power on.',
  );
}
