import type { SessionSummary } from '../../shared/session.ts';
import type { RecorderClient, StatusNow } from './recorder-client.ts';

/** The list is asked for when the status changes, and this often. */
const LIST_MS = 30_000;

/** The vehicle's sessions, newest first, asked for no more often than needed. */
export class SessionList {
  readonly #vehicle: RecorderClient;
  #sessions: readonly SessionSummary[] = [];
  #listedAt = Number.NEGATIVE_INFINITY;
  #statusKey = '';

  constructor(vehicle: RecorderClient) {
    this.#vehicle = vehicle;
  }

  /** After the vehicle was away, older sessions may have changed too. */
  forget(): void {
    this.#listedAt = Number.NEGATIVE_INFINITY;
  }

  /** `isDone`: nothing is to be fetched of it; behind a page of such nothing new is expected. */
  async look(
    status: StatusNow,
    isDone: (summary: SessionSummary) => boolean,
  ): Promise<readonly SessionSummary[]> {
    const key = JSON.stringify(status);
    const age = performance.now() - this.#listedAt;
    if (key === this.#statusKey && age < LIST_MS) return this.#sessions;
    const isFirst = age === Number.POSITIVE_INFINITY;
    const { sessions, total } = await this.#vehicle.sessions(
      (page) => !isFirst && page.every(isDone),
    );
    const all = isFirst ? sessions : merged(sessions, this.#sessions);
    this.#sessions = all.length === total ? all : await this.#whole();
    this.#statusKey = key;
    this.#listedAt = performance.now();
    return this.#sessions;
  }

  /** Sessions were deleted, or another vehicle has the address. */
  async #whole(): Promise<readonly SessionSummary[]> {
    return (await this.#vehicle.sessions(() => false)).sessions;
  }
}

function merged(newest: readonly SessionSummary[], before: readonly SessionSummary[]) {
  const ids = new Set(newest.map((summary) => summary.session_id));
  return [...newest, ...before.filter((summary) => !ids.has(summary.session_id))];
}
