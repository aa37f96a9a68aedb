import type { Preview } from '../../../shared/api/sessions.ts';
import { isoMicros } from '../../../shared/clock.ts';
import type { Chunks } from '../../format/chunks.ts';
import { type OnWarning, type PreviewSession, SessionBins } from './session-bins.ts';

export type SessionPreview = Preview & {
  /** Lines of the chunks that can't be read, and so are not in the picture. */
  damaged_lines: number;
};

/** Sessions whose bins stay in memory, at most 3 MB each. */
const SESSIONS_IN_MEMORY = 3;

/** Makes plots of sessions, whole sessions in a few milliseconds once their chunks were read. */
export class Previews {
  readonly #onWarning: OnWarning;
  /** The one that was asked for last comes last. */
  readonly #sessions = new Map<string, SessionBins>();

  constructor(onWarning: OnWarning) {
    this.#onWarning = onWarning;
  }

  /** At most `points` bins over the given chunks, which are those of the session in order. */
  async preview(session: PreviewSession, chunks: Chunks, points: number): Promise<SessionPreview> {
    const source = this.#session(session);
    await source.update(chunks);
    const { bins: all, gaps, head } = source.picture;
    const picture = all.picture(points);
    const bins = [...picture.entries].map(([number, bin]) => ({ number, ...bin }));
    return {
      session_id: session.sessionId,
      total_rows: bins.reduce((total, bin) => total + bin.count, 0),
      damaged_lines: head.damagedLines,
      bin_s: picture.width,
      elapsed_s: bins.map((bin) => bin.number * picture.width),
      timestamp: bins.map((bin) => isoMicros(bin.firstMicros)),
      min: bins.map((bin) => bin.min),
      max: bins.map((bin) => bin.max),
      mean: bins.map((bin) => bin.sum / bin.count),
      count: bins.map((bin) => bin.count),
      period_s: gaps.periodMs / 1000 || null,
      gap_from_s: gaps.gaps.map(({ from }) => from / 1000),
      gap_to_s: gaps.gaps.map(({ to }) => to / 1000),
    };
  }

  /** To be called when a session is deleted. */
  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  #session(session: PreviewSession): SessionBins {
    const known = this.#sessions.get(session.sessionId);
    const bins = known ?? new SessionBins(session, this.#onWarning);
    this.#sessions.delete(session.sessionId);
    this.#sessions.set(session.sessionId, bins);
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size > SESSIONS_IN_MEMORY) {
      this.#sessions.delete(oldest);
    }
    return bins;
  }
}
