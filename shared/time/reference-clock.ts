import { z } from 'zod';
import { parseIsoMicros } from '../clock.ts';
import type { SessionEvent } from '../session.ts';
import { type Comparison, comparison } from './comparison.ts';

/** Away from a comparison the machine's clock runs off by so much: what a Pi's crystal may. */
const DRIFT = 50e-6;
/** A reading waits in its adapter for up to a burst. */
const BURST_S = 0.016;

/** A moment by another clock. */
export interface Anchor {
  /** Seconds since the session began. */
  elapsed: number;
  /** What has to be added to elapsed to have that clock's UTC, both in microseconds. */
  base: number;
  uncertaintyS: number;
  /** What was measured then. */
  comparison: Comparison;
}

export interface ReferenceTime {
  /** Microseconds since 1970. */
  micros: number;
  uncertaintyS: number;
}

const compared = z.looseObject({
  kind: z.literal('clock_compared'),
  ...comparison.shape,
});
const broken = z.looseObject({
  kind: z.literal('recording_resumed'),
  elapsed_basis: z.enum(['wall_clock', 'last_row']),
});

/**
 * UTC of any moment of a session by the comparisons of the vehicle's clock with a better one:
 * the autopilot's GPS time where there is any, else the clock of the client that measured best. It
 * goes by elapsed_s, so that it holds before the vehicle's clock was set as well.
 */
export class ReferenceClock {
  /** The comparisons that times go by, in order. */
  readonly anchors: readonly Anchor[];
  /** After each of these elapsed_s goes on by guess: comparisons hold on their side of it. */
  readonly #breaks: readonly number[];

  /** `elapsedOf`: seconds since the session began, as its rows are told. */
  constructor(events: readonly SessionEvent[], elapsedOf: (event: SessionEvent) => number) {
    this.anchors = best(anchorsByClock(events, elapsedOf));
    this.#breaks = events.filter((event) => broken.safeParse(event).success).map(elapsedOf);
  }

  /** The vehicle's clock was compared with another one. */
  get isKnown(): boolean {
    return this.anchors.length > 0;
  }

  /** Null where no comparison holds. */
  at(elapsed: number): ReferenceTime | null {
    const anchors = this.#holdingAt(elapsed);
    const before = anchors.findLast((anchor) => anchor.elapsed <= elapsed);
    const after = anchors.find((anchor) => anchor.elapsed > elapsed);
    const nearest = nearer(elapsed, before, after);
    if (!nearest) return null;
    const away = Math.abs(elapsed - nearest.elapsed);
    return {
      micros: Math.round(elapsed * 1e6 + between(elapsed, before ?? nearest, after ?? nearest)),
      uncertaintyS: nearest.uncertaintyS + away * DRIFT + BURST_S,
    };
  }

  #holdingAt(elapsed: number): readonly Anchor[] {
    if (this.#breaks.length === 0) return this.anchors;
    const part = this.#partOf(elapsed);
    return this.anchors.filter((anchor) => this.#partOf(anchor.elapsed) === part);
  }

  #partOf(elapsed: number): number {
    return this.#breaks.filter((end) => end <= elapsed).length;
  }
}

function anchorsByClock(
  events: readonly SessionEvent[],
  elapsedOf: (event: SessionEvent) => number,
): Map<string | null, Anchor[]> {
  const anchors = new Map<string | null, Anchor[]>();
  for (const event of events) {
    const { data } = compared.safeParse(event);
    if (!data) continue;
    const elapsed = elapsedOf(event);
    const micros = parseIsoMicros(data.timestamp) + data.offset_s * 1e6;
    const base = micros - elapsed * 1e6;
    const anchor = { elapsed, base, uncertaintyS: data.uncertainty_s, comparison: data };
    anchors.set(data.client, [...(anchors.get(data.client) ?? []), anchor]);
  }
  return anchors;
}

function best(byClock: ReadonlyMap<string | null, Anchor[]>): readonly Anchor[] {
  const least = (anchors: readonly Anchor[]) =>
    Math.min(...anchors.map(({ uncertaintyS }) => uncertaintyS));
  const clients = [...byClock.values()].toSorted((a, b) => least(a) - least(b));
  const anchors = byClock.get(null) ?? clients[0] ?? [];
  return anchors.toSorted((a, b) => a.elapsed - b.elapsed);
}

function nearer(elapsed: number, before?: Anchor, after?: Anchor): Anchor | undefined {
  if (!before || !after) return before ?? after;
  return elapsed - before.elapsed <= after.elapsed - elapsed ? before : after;
}

function between(elapsed: number, before: Anchor, after: Anchor): number {
  const span = after.elapsed - before.elapsed;
  const part = span > 0 ? (elapsed - before.elapsed) / span : 0;
  return before.base + part * (after.base - before.base);
}
