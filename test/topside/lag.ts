import { setTimeout as sleep } from 'node:timers/promises';
import { newestRow } from './newest-row.ts';

const SAMPLE_MS = 100;

/** How many rows the mirror's disk is behind the vehicle's, looked at over and over. */
export class Lag {
  readonly #vehicle: string;
  readonly #mirror: string;
  /** Rows that would be missing if the vehicle were lost at that moment. */
  readonly rows: number[] = [];

  /** Folders of the session. */
  constructor(vehicle: string, mirror: string) {
    this.#vehicle = vehicle;
    this.#mirror = mirror;
  }

  /** Resolves with what was seen in this time. */
  async watch(seconds: number): Promise<number[]> {
    const before = this.rows.length;
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
      await this.#look();
      await sleep(SAMPLE_MS);
    }
    return this.rows.slice(before);
  }

  /** The mirror is looked at first: a row that comes in between counts as missing. */
  async #look(): Promise<void> {
    const here = await newestRow(this.#mirror);
    const there = await newestRow(this.#vehicle);
    if (here !== null && there !== null) this.rows.push(there.seq - here.seq);
  }
}
