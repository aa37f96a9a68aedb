import type { Board } from './board.ts';
import { firmware } from './firmware.ts';
import { averagesOf, dayOfLight } from './light.ts';
import { type Emission, Processor } from './processor.ts';
import { defaultSettings, type Settings } from './settings.ts';

/** The firmware on a workbench: no port, and a clock that tests set. */
export class Workbench {
  readonly board: Board;
  /** All that was sent, with its times. */
  readonly emissions: Emission[] = [];
  readonly #processor: Processor;
  #now = 0;

  constructor(settings: Partial<Settings> = {}) {
    this.board = {
      settings: { ...defaultSettings(), ...settings },
      faults: { adcSetup: 'ok', rateSetupFails: false },
      averages: averagesOf(dayOfLight(1), 1),
      count: 0,
      restarted: false,
      now: 0,
      baud: 9600,
    };
    this.#processor = new Processor(this.board, () => firmware(this.board));
    this.#processor.reset(0);
  }

  get now(): number {
    return this.#now;
  }

  /** Lets time go by; returns what was sent in it. */
  wait(seconds: number): string {
    this.#now += seconds;
    return this.#collect();
  }

  /** Waits until nothing more will come without a key; returns what was sent. */
  settle(): string {
    let text = this.#collect();
    while (Number.isFinite(this.#processor.due)) text += this.wait(this.#processor.due - this.#now);
    return text;
  }

  /** Keys that arrive all at this moment. */
  type(keys: string): void {
    for (const key of keys) this.#processor.input(key, this.#now);
  }

  #collect(): string {
    const sent = this.#processor.run(this.#now);
    this.emissions.push(...sent);
    return sent.map((emission) => emission.text).join('');
  }
}
