import { GapFinder } from '../../../shared/series/gaps.ts';
import type { Chunk } from '../../../shared/session.ts';
import { ReadingRing } from '../series/ring.ts';

const MOST_BYTES = 12e6;
const MOST_CHUNKS = 6;

/** Readings of some chunks on the session's axis of time. */
export interface ExactReadings {
  ring: ReadingRing;
  finder: GapFinder;
}

interface ChunkRow {
  value: number;
  elapsed_s: number;
}

/** The chunks that a span shows, if they are few enough to fetch; times in milliseconds UTC. */
export function chunksIn(chunks: readonly Chunk[], from: number, to: number): Chunk[] {
  const inside = chunks.filter(
    ({ first_timestamp: first, last_timestamp: last }) =>
      first !== null && last !== null && Date.parse(first) <= to && Date.parse(last) >= from,
  );
  const bytes = inside.reduce((sum, chunk) => sum + chunk.size_bytes, 0);
  const readable = inside.every((chunk) => chunk.filename.endsWith('.jsonl'));
  return inside.length <= MOST_CHUNKS && bytes <= MOST_BYTES && readable ? inside : [];
}

/** Reads chunks, given in order, as the lines that they are. */
export function readChunks(texts: readonly string[], origin: number): ExactReadings {
  const ring = new ReadingRing();
  const finder = new GapFinder();
  for (const text of texts) {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const { value, elapsed_s: elapsed } = JSON.parse(line) as ChunkRow;
      if (typeof value !== 'number' || typeof elapsed !== 'number') continue;
      ring.append(origin + elapsed * 1000, value);
      finder.push(origin + elapsed * 1000);
    }
  }
  return { ring, finder };
}
