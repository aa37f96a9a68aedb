import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionSummary } from '../../shared/session.ts';
import { whyUnreadable } from '../../shared/unreadable-session.ts';
import { EXIT, LeaveError } from '../exit-codes.ts';
import { pauseAfter } from '../pause.ts';
import { faultOf, type Missing } from '../remote/file-faults.ts';
import { VehicleLostError } from '../remote/lost.ts';
import { type RecorderClient, RefusedError } from '../remote/recorder-client.ts';
import { SessionList } from '../remote/session-list.ts';
import type { Report } from '../report.ts';
import { ClockMeasure } from './clock-measure.ts';
import { isActive, isId, selected, type Wish } from './selection.ts';
import type { Pass, SessionMirror } from './session-mirror.ts';
import { Shortfalls } from './shortfalls.ts';
import type { Tails } from './tails.ts';

/** How often the vehicle is asked what it is doing: less than a kilobyte each. */
const POLL_MS = 1000;
/** After this time no other session is begun: the one being recorded is looked at first. */
const SLICE_MS = 5000;
const BACKOFF_MS = [500, 1000, 2000, 5000];

export interface FollowParts {
  vehicle: RecorderClient;
  mirror: SessionMirror;
  tails: Tails;
  report: Report;
  signal: AbortSignal;
  wish: Wish;
  once: boolean;
  /** With `once`: how long a vehicle may be away. */
  giveUpMs: number;
}

/** Mirrors what is wished for, and stays, unless it is asked for once. */
export class Follower {
  readonly #parts: FollowParts;
  readonly #list: SessionList;
  readonly #clock: ClockMeasure;
  /** Sessions that were being recorded when they were seen. */
  readonly #followed = new Set<string>();
  /** What each session looked like on the vehicle when all of it was here. */
  readonly #done = new Map<string, string>();
  readonly #shortfalls: Shortfalls;
  /** Sessions whose rows can't be followed ahead of their chunks: of survey clients, or after a fault. */
  readonly #untailed = new Set<string>();
  #lostSinceMs: number | null = null;

  constructor(parts: FollowParts) {
    this.#parts = parts;
    this.#list = new SessionList(parts.vehicle);
    this.#clock = new ClockMeasure(parts.vehicle);
    this.#shortfalls = new Shortfalls(parts.report, parts.once);
  }

  /** Resolves with the exit code; rejects when the signal ends it. */
  async run(): Promise<number> {
    const { signal } = this.#parts;
    for (let failures = 0; ; ) {
      try {
        const left = await this.#cycle();
        failures = 0;
        if (left === 'nothing, ever') return this.#exitCode();
        if (left === 'nothing') await sleep(POLL_MS, undefined, { signal });
      } catch (error) {
        this.#lost(error);
        failures += 1;
        await sleep(pauseAfter(BACKOFF_MS, failures), undefined, { signal });
      }
    }
  }

  /** Looks at the vehicle once and fetches what it has; tells what is left to do. */
  async #cycle(): Promise<'something' | 'nothing' | 'nothing, ever'> {
    const status = await this.#parts.vehicle.status();
    await this.#clock.measure();
    const sessions = await this.#list.look(status, this.#isDone);
    this.#back();
    const wanted = selected(sessions, this.#parts.wish, this.#followed);
    await this.#followTail(wanted.find(isActive));
    const caughtUp = await this.#bringAll(wanted);
    if (!caughtUp) return 'something';
    return this.#mayLeave(wanted) ? 'nothing, ever' : 'nothing';
  }

  /** False when time ran out before the end. */
  async #bringAll(wanted: readonly SessionSummary[]): Promise<boolean> {
    const until = performance.now() + SLICE_MS;
    const isOver = () => performance.now() > until;
    let caughtUp = true;
    for (const summary of wanted) {
      if (isActive(summary)) this.#followed.add(summary.session_id);
      if (this.#isDone(summary) || this.#isPaused(summary)) continue;
      if (isOver()) return false;
      caughtUp = (await this.#bring(summary)) && caughtUp;
    }
    return caughtUp;
  }

  /** True when all of this session that is finalized is here, as far as it can be had. */
  async #bring(summary: SessionSummary): Promise<boolean> {
    const { vehicle } = this.#parts;
    try {
      refuseUnreadable(summary);
      return await this.#bringWhole(summary);
    } catch (error) {
      const isFinal = error instanceof UnreadableSession;
      const words = isFinal ? error.message : await faultOf(error, vehicle);
      if (words === null) throw error;
      this.#found(summary, [{ words, isFinal }]);
      return true;
    }
  }

  async #bringWhole(summary: SessionSummary): Promise<boolean> {
    const { mirror } = this.#parts;
    const id = summary.session_id;
    const seen = this.#done.has(id);
    const pass = !seen && (await mirror.isComplete(summary)) ? null : await this.#pass(summary);
    if (pass !== null && isActive(summary)) this.#activeIsHere(summary, pass);
    if (pass !== null && !pass.caughtUp) return false;
    const missing = pass?.missing ?? [];
    this.#found(summary, missing);
    if (missing.length === 0) this.#done.set(id, keyOf(summary));
    return true;
  }

  #found(summary: SessionSummary, missing: readonly Missing[]): void {
    const { session_id: session } = summary;
    this.#shortfalls.found({ session, key: keyOf(summary), missing });
  }

  readonly #isPaused = (summary: SessionSummary): boolean =>
    this.#shortfalls.isPaused(summary.session_id, keyOf(summary));

  #activeIsHere(summary: SessionSummary, { newest }: Pass): void {
    if (newest?.filename.endsWith('.csv')) this.#untailed.add(summary.session_id);
    this.#parts.report.progress.here(Date.parse(newest?.last_timestamp ?? summary.start_time));
  }

  /** First of all: these rows are nowhere else yet, chunks are safe where they are. */
  async #followTail(active: SessionSummary | undefined): Promise<void> {
    if (active === undefined) this.#parts.report.progress.idle();
    const id = active?.session_id ?? null;
    const { tails, vehicle, report } = this.#parts;
    try {
      await tails.follow(id !== null && this.#untailed.has(id) ? null : id);
    } catch (error) {
      const fault = await faultOf(error, vehicle);
      if (fault === null || id === null) throw error;
      this.#untailed.add(id);
      report.note(`Rows can't be followed as they are recorded: ${fault}`);
    }
  }

  /** A session that the vehicle denies was deleted since it was listed: null. */
  async #pass(summary: SessionSummary): Promise<Pass | null> {
    try {
      return await this.#parts.mirror.pass(summary);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 404) throw error;
      this.#parts.report.note(error.message);
      return null;
    }
  }

  readonly #isDone = (summary: SessionSummary): boolean =>
    this.#done.get(summary.session_id) === keyOf(summary);

  #mayLeave(wanted: readonly SessionSummary[]): boolean {
    const { once, wish } = this.#parts;
    if (once && wish.session !== null && wanted.length === 0) {
      throw new LeaveError(EXIT.noSession, `No such session on the vehicle: ${wish.session}`);
    }
    if (wanted.some(({ session_id }) => this.#shortfalls.isPending(session_id))) return false;
    return once || (isId(wish.session) && wanted.length > 0 && !wanted.some(isActive));
  }

  #exitCode(): number {
    this.#shortfalls.tell();
    return this.#shortfalls.any ? EXIT.faults : EXIT.ok;
  }

  /** Says so once; what is no loss is thrown on. */
  #lost(error: unknown): void {
    if (!(error instanceof VehicleLostError) || this.#parts.signal.aborted) throw error;
    const now = performance.now();
    if (this.#lostSinceMs === null) this.#parts.report.lost('vehicle', error.message);
    this.#lostSinceMs ??= now;
    this.#list.forget();
    if (!this.#parts.once || now - this.#lostSinceMs < this.#parts.giveUpMs) return;
    throw new LeaveError(EXIT.vehicleLost, `The vehicle was not reached: ${error.message}`);
  }

  #back(): void {
    if (this.#lostSinceMs === null) return;
    this.#parts.report.back('vehicle', (performance.now() - this.#lostSinceMs) / 1000);
    this.#lostSinceMs = null;
  }
}

class UnreadableSession extends Error {}

/** The vehicle lists it, and can't say what is in it. */
function refuseUnreadable(summary: SessionSummary): void {
  const why = whyUnreadable(summary);
  if (why !== null) throw new UnreadableSession(why);
}

/** Changes whenever there is something to fetch. */
function keyOf(summary: SessionSummary): string {
  const { state, chunk_count, size_bytes, end_time } = summary;
  return JSON.stringify([state, chunk_count, size_bytes, end_time]);
}
