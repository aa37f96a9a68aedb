import { ApiError } from '../../shared/errors.ts';
import { Lock } from '../sensor/lock.ts';

/** A call waits this long for those before it. */
const WAIT_MS = 10_000;
/** Clients give up after 30 s: by then they have an answer, whatever the sensor does. */
const LIMIT_MS = 28_000;

/** Tells a task that its caller was answered without it. */
export interface Turn {
  readonly isLate: boolean;
}

/** Calls that change the state, one after the other, each answered in time. */
export class Turns {
  #lock = new Lock();

  /** Takes a turn that may last: what the service does by itself. */
  occupy(task: () => Promise<void>): Promise<void> {
    return this.#lock.run(task);
  }

  /** Rejects with busy when the turn never came, with sensor_no_answer when it does not end. */
  run<T>(task: (turn: Turn) => Promise<T>, limitMs = LIMIT_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      const turn = { isLate: false };
      let waiting = true;
      const wait = setTimeout(() => {
        waiting = false;
        reject(busy());
      }, WAIT_MS);
      const limit = setTimeout(() => {
        turn.isLate = true;
        reject(unfinished(limitMs));
      }, limitMs);
      void this.#lock.run(async () => {
        clearTimeout(wait);
        if (waiting) await task(turn).then(resolve, reject);
        clearTimeout(limit);
      });
    });
  }
}

function busy(): ApiError {
  const detail =
    'Something else is still under way with the sensor or the sessions: try again in 10 s.';
  return new ApiError('busy', detail);
}

function unfinished(limitMs: number): ApiError {
  const detail = `The sensor has not done it within ${limitMs / 1000} s: GET /status tells what became of it.`;
  return new ApiError('sensor_no_answer', detail);
}
