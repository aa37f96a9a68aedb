/** Bytes are averaged over this time. */
const RATE_S = 5;
const SAMPLE_S = 0.25;

export interface ProgressNow {
  chunks_done: number;
  chunks_left: number;
  bytes_done: number;
  bytes_left: number;
  bytes_per_s: number;
  /** Seconds between the vehicle's clock and the newest row here; null while nothing is recorded. */
  lag_s: number | null;
  /** Seconds until all that is known of is here; null while nothing moves. */
  left_s: number | null;
}

interface Missing {
  chunks: number;
  bytes: number;
}

/** How far this run has come. */
export class Progress {
  readonly #missing = new Map<string, Missing>();
  readonly #now: () => number;
  readonly #vehicleNow: () => number | null;
  #samples: { at: number; bytes: number }[] = [];
  /** Time of the newest row here, by the vehicle's clock; null while nothing is recorded. */
  #newestMs: number | null = null;
  #chunks = 0;
  #bytes = 0;

  /** `vehicleNow` by the vehicle's clock in milliseconds; `now` in seconds. */
  constructor(vehicleNow: () => number | null, now: () => number = () => performance.now() / 1000) {
    this.#vehicleNow = vehicleNow;
    this.#now = now;
  }

  /** A row of this time is here. */
  here(newestMs: number): void {
    this.#newestMs = Math.max(newestMs, this.#newestMs ?? newestMs);
  }

  idle(): void {
    this.#newestMs = null;
  }

  /** What is still to be fetched of a session; replaces what was said before. */
  expect(session: string, missing: Missing): void {
    this.#missing.set(session, { ...missing });
  }

  bytes(session: string, count: number): void {
    this.#bytes += count;
    const missing = this.#missing.get(session);
    if (missing) missing.bytes = Math.max(0, missing.bytes - count);
    this.#sample(count);
  }

  chunk(session: string): void {
    this.#chunks += 1;
    const missing = this.#missing.get(session);
    if (missing) missing.chunks -= 1;
  }

  now(): ProgressNow {
    this.#forget(this.#now());
    const missing = [...this.#missing.values()];
    const chunksLeft = missing.reduce((sum, { chunks }) => sum + chunks, 0);
    const bytesLeft = missing.reduce((sum, { bytes }) => sum + bytes, 0);
    const rate = this.#rate();
    return {
      chunks_done: this.#chunks,
      chunks_left: chunksLeft,
      bytes_done: this.#bytes,
      bytes_left: bytesLeft,
      bytes_per_s: Math.round(rate),
      lag_s: this.#lagS(),
      left_s: rate > 0 ? Math.ceil(bytesLeft / rate) : bytesLeft === 0 ? 0 : null,
    };
  }

  #lagS(): number | null {
    const now = this.#vehicleNow();
    if (now === null || this.#newestMs === null) return null;
    return Math.max(0, Math.round((now - this.#newestMs) / 1000));
  }

  #sample(bytes: number): void {
    const at = this.#now();
    const last = this.#samples.at(-1);
    if (last && at - last.at < SAMPLE_S) last.bytes += bytes;
    else this.#samples.push({ at, bytes });
  }

  #rate(): number {
    const first = this.#samples[0];
    if (first === undefined) return 0;
    const bytes = this.#samples.reduce((sum, sample) => sum + sample.bytes, 0);
    return bytes / Math.max(0.5, this.#now() - first.at);
  }

  #forget(now: number): void {
    this.#samples = this.#samples.filter(({ at }) => at >= now - RATE_S);
  }
}
