import type { Duplex } from 'node:stream';
import { Adapter } from './adapter.ts';
import type { Averages, Board, BoardFaults } from './board.ts';
import { firmware } from './firmware.ts';
import { averagesOf, dayOfLight, type Light } from './light.ts';
import { type Emission, Processor } from './processor.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { Wire } from './wire.ts';

/** Faults that tests switch on and off while the device runs. */
export interface Faults extends BoardFaults {
  /** The adapter is not there: plugging fails as opening a missing node does. */
  absent: boolean;
  /** Runs and listens, but nothing leaves the device. */
  silent: boolean;
}

export interface DeviceOptions {
  settings?: Partial<Settings>;
  /** What the sensor sees; by default a day of light. */
  averages?: Averages;
  /** PAR by this process's clock (`performance.now() / 1000`), which others in it see as well. */
  light?: Light;
  /** For the default light, and the noise. */
  seed?: number;
  /** Device seconds in a second. */
  speed?: number;
  /** Bytes arrive in bursts of so many milliseconds; 0: each line when it has left. */
  burst?: number;
}

/** A reading that left the device, when its last byte did. */
export interface SentReading {
  /** The line without its CR LF. */
  text: string;
  /** Monotonic seconds (`performance.now() / 1000`) at which its last byte was handed over. */
  mono: number;
  /** The same clock, when that byte left the device: an adapter hands on what it gathered. */
  ended: number;
  /**
   * Whether all of it went to one opening of the port, at the right speed. A reset may cut
   * off its line end: the blank line of the banner then ends it.
   */
  delivered: boolean;
}

/**
 * A Q-Series sensor behind a serial adapter. It is powered on when first plugged
 * and runs on, heard or not; its timer keeps no process alive.
 */
export class SimulatedDevice {
  readonly settings: Settings;
  readonly faults: Faults = {
    absent: false,
    silent: false,
    adcSetup: 'ok',
    rateSetupFails: false,
  };
  readonly #processor: Processor;
  readonly #wire = new Wire();
  readonly #adapter: Adapter;
  readonly #speed: number;
  readonly #burst: number;
  readonly #listeners = new Set<(reading: SentReading) => void>();
  #poweredAt: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** Whether bytes of the line under way have been lost. */
  #lineCut = false;

  constructor(options: DeviceOptions = {}) {
    const { seed = 1, speed = 1, burst = 16 } = options;
    const { light } = options;
    const seen: Light = light ? (seconds) => light(this.#moment(seconds)) : dayOfLight(seed);
    const averages = options.averages ?? averagesOf(seen, seed);
    this.settings = { ...defaultSettings(), ...options.settings };
    const { settings, faults } = this;
    const board: Board = {
      settings,
      faults,
      averages,
      count: 0,
      restarted: false,
      now: 0,
      baud: settings.baud,
    };
    this.#processor = new Processor(board, () => firmware(board));
    this.#adapter = new Adapter({
      hear: (bytes) => this.#hear(bytes),
      get baud() {
        return board.baud;
      },
    });
    this.#speed = speed;
    this.#burst = burst;
  }

  /**
   * Opens the port, at any speed if none is given, and powers the device on if it never was.
   * @throws Error when the adapter is absent or open already
   */
  plug(baud: number | null = null): Duplex {
    if (this.faults.absent)
      throw new Error("Cannot open the simulator's port: its adapter is not plugged in");
    this.#live();
    const port = this.#adapter.open(baud);
    // Whoever had the port before, if anyone, got the head of this line.
    if (this.#wire.isUnderWay) this.#lineCut = true;
    if (this.#poweredAt === null) this.powerCycle();
    return port;
  }

  /** Pulls the adapter out of an open port. The device goes on. */
  unplug(): void {
    this.#live();
    this.#adapter.unplug();
  }

  /** Power off and on, or a reset by itself: what has not left the wire is lost. */
  powerCycle(): void {
    this.#live();
    if (!this.settings.quiet) this.#endLine();
    this.#halt();
    this.#poweredAt ??= performance.now();
    this.#processor.reset(this.#now());
    this.#tick();
  }

  powerOff(): void {
    this.#live();
    this.#halt();
  }

  #halt(): void {
    clearTimeout(this.#timer);
    this.#processor.halt();
    this.#wire.clear();
    this.#lineCut = false;
  }

  /** Falls into its menu by itself, as if it had heard ESC. */
  fallIntoMenu(): void {
    this.#hear(Buffer.from('\x1b'));
  }

  /** Bytes that come out of the line though the device did not send them. */
  inject(bytes: Buffer | string): void {
    this.#adapter.inject(Buffer.from(bytes));
  }

  /** Calls back for each reading that has left. Returns how to end that. */
  onReading(listener: (reading: SentReading) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Device seconds since power-on. */
  #now(): number {
    const since = performance.now() - (this.#poweredAt ?? performance.now());
    return (since / 1000) * this.#speed;
  }

  /** This process's clock at a number of device seconds. */
  #moment(seconds: number): number {
    return (this.#poweredAt ?? 0) / 1000 + seconds / this.#speed;
  }

  #hear(bytes: Buffer): void {
    this.#live();
    const now = this.#now();
    for (const char of bytes.toString('latin1')) this.#processor.input(char, now);
    this.#tick();
  }

  /** Gives what is due and sees to it that what comes next will be given. */
  #tick(): void {
    this.#live();
    this.#schedule();
  }

  /** Lives through the time since the last call. */
  #live(): void {
    const now = this.#now();
    this.#wire.add(this.#processor.run(now));
    const { bytes, completed } = this.#wire.release(now);
    if (bytes.length > 0) this.#give(bytes, completed);
  }

  #give(bytes: Buffer, completed: Emission[]): void {
    const whole = this.#isHeard;
    if (!this.faults.silent) this.#adapter.give(bytes);
    for (const emission of completed) {
      if (emission.reading) this.#report(emission, whole && !this.#lineCut);
      this.#lineCut = false;
    }
    if (!whole && this.#wire.isUnderWay) this.#lineCut = true;
  }

  /** The banner's blank line ends a line of which nothing else was to come. */
  #endLine(): void {
    const ended = this.#wire.unended;
    if (ended?.reading) this.#report(ended, this.#isHeard && !this.#lineCut);
  }

  get #isHeard(): boolean {
    return this.#adapter.isSound && !this.faults.silent;
  }

  #report({ text: line, end }: Emission, delivered: boolean): void {
    const [text, ended] = [line.replace(/\r\n$/, ''), this.#moment(end)];
    const sent = { text, mono: performance.now() / 1000, ended, delivered };
    for (const listener of this.#listeners) listener(sent);
  }

  /** One timer at a time, for the next moment at which bytes are given. */
  #schedule(): void {
    clearTimeout(this.#timer);
    const byteDue = this.#burst > 0 ? this.#wire.nextByteAt : this.#wire.nextEndAt;
    const due = (Math.min(byteDue, this.#processor.due) / this.#speed) * 1000;
    if (due === Number.POSITIVE_INFINITY) return;
    const at = this.#burst > 0 ? Math.ceil(due / this.#burst) * this.#burst : due;
    const wait = at - (this.#now() / this.#speed) * 1000;
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, Math.ceil(wait)));
    this.#timer.unref();
  }
}
