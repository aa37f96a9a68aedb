import { setTimeout as sleep } from 'node:timers/promises';
import { distribution } from '../support/distribution.ts';
import { newestRow } from './newest-row.ts';

const SAMPLE_MS = 100;

/** How far the newest row on the mirror's disk is behind that on the vehicle's. */
interface Behind {
  rows: number;
  seconds: number;
}

/** What would be missing if the vehicle were lost at this moment, over and over. */
export class Lag {
  readonly #vehicle: string;
  readonly #mirror: string;
  readonly samples: Behind[] = [];

  /** Folders of the session. */
  constructor(vehicle: string, mirror: string) {
    this.#vehicle = vehicle;
    this.#mirror = mirror;
  }

  /** Resolves with the samples of this time. */
  async watch(seconds: number): Promise<Behind[]> {
    const before = this.samples.length;
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
      await this.#sample();
      await sleep(SAMPLE_MS);
    }
    return this.samples.slice(before);
  }

  /** The mirror is looked at first: a row that comes in between counts as missing. */
  async #sample(): Promise<void> {
    const here = await newestRow(this.#mirror);
    const there = await newestRow(this.#vehicle);
    if (here === null || there === null) return;
    const ms = Date.parse(there.timestamp) - Date.parse(here.timestamp);
    this.samples.push({ rows: there.seq - here.seq, seconds: ms / 1000 });
  }

  toString(): string {
    const seconds = this.samples.map((sample) => sample.seconds);
    return `${this.samples.length} looks, seconds behind: ${distribution(seconds, 1)}`;
  }
}
