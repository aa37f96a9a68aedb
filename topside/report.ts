import type { Chunk, SessionSummary } from '../shared/session.ts';
import type { Progress, ProgressNow } from './progress.ts';

/** What there is to tell; `event` names it for programs. */
export type News =
  | { event: 'chunk'; session_id: string; filename: string; size_bytes: number }
  | { event: 'complete'; session_id: string; chunk_count: number; total_rows: number }
  | { event: 'chunk_failed'; session_id: string; filename: string; detail: string }
  | { event: 'lost' | 'back' | 'note'; detail: string }
  | ({ event: 'progress' } & ProgressNow);

/** Where the news goes: a terminal, plain lines, or JSON lines. */
export interface Output {
  tell(news: News): void;
  end(): void;
}

/** Collects what happens, and passes it on in words. */
export class Report {
  readonly progress: Progress;
  readonly #output: Output;

  constructor(output: Output, progress: Progress) {
    this.#output = output;
    this.progress = progress;
  }

  /** What is still to be fetched of a session. */
  expect(session: string, missing: { chunks: number; bytes: number }): void {
    this.progress.expect(session, missing);
  }

  bytes(session: string, count: number): void {
    this.progress.bytes(session, count);
  }

  chunk(session: string, { filename, size_bytes }: Chunk): void {
    this.progress.chunk(session);
    this.#output.tell({ event: 'chunk', session_id: session, filename, size_bytes });
  }

  chunkFailed(session: string, { filename }: Pick<Chunk, 'filename'>, detail: string): void {
    this.#output.tell({ event: 'chunk_failed', session_id: session, filename, detail });
  }

  complete({ session_id, chunk_count, total_rows }: SessionSummary): void {
    this.#output.tell({ event: 'complete', session_id, chunk_count, total_rows });
  }

  lost(what: string, why: string): void {
    this.#output.tell({ event: 'lost', detail: `${what} lost (${why}): trying again` });
  }

  back(what: string, awayS: number): void {
    const detail = `${what} is back after ${Math.round(awayS)} s`;
    this.#output.tell({ event: 'back', detail });
  }

  note(detail: string): void {
    this.#output.tell({ event: 'note', detail });
  }

  now(): void {
    this.#output.tell({ event: 'progress', ...this.progress.now() });
  }

  end(): void {
    this.#output.end();
  }
}
