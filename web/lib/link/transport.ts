import type { Row } from '../../../shared/row.ts';

/** What whoever shows readings is told of the stream. */
export interface StreamEvents {
  /** The stream is open: readings follow from now on. What was before must be asked for. */
  opened(): void;
  rows(rows: readonly Row[]): void;
  closed(): void;
}

/** One way for readings to come. */
export interface Transport {
  stop(): void;
}

/** `closed`: nothing comes for now, it opens again by itself. `lost`: it is of no more use. */
export interface TransportEvents extends StreamEvents {
  lost(): void;
}

/** Readings come in arrays at this interval. */
export const BATCH_MS = 100;
/** What does not open by then hangs on a dead tether. */
export const OPEN_DEADLINE_MS = 5000;

export function rowsOf(text: string): readonly Row[] {
  return JSON.parse(text) as Row[];
}
