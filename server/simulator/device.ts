import { Duplex } from 'node:stream';
import type { Averages, Board, BoardFaults } from './board.ts';
import { firmware } from './firmware.ts';
import { averagesOf, dayOfLight } from './light.ts';
import { hash } from './noise.ts';
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
  /** For the default light. */
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
  /** Whether every byte of it went to an open port with the right baud rate. */
  delivered: boolean;
}

const INJECTED_PIECE = 65_536;

/**
 * A Q-Series sensor behind a serial adapter. It is powered on when first plugged
 * and runs on, heard or not, until its process ends; its timer keeps no process alive.
 */
export class SimulatedDevice {
  readonly settings: Settings;
  readonly faults: Faults = {
    absent: false,
    silent: false,
    adcSetup: 'ok',
    rateSetupFails: false,
  };
  readonly #board: Board;
  readonly #processor: Processor;
  readonly #wire = new Wire();
  readonly #speed: number;
  readonly #burst: number;
  readonly #listeners = new Set<(reading: SentReading) => void>();
  #poweredAt: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #port: Duplex | null = null;
  #portBaud = 0;
  #garbled = 0;
  /** Whether bytes of the line under way have been lost. */
  #lineCut = false;

  constructor(options: DeviceOptions = {}) {
    const { seed = 1, speed = 1, burst = 16 } = options;
    const averages = options.averages ?? averagesOf(dayOfLight(seed), seed);
    this.settings = { ...defaultSettings(), ...options.settings };
    const { settings, faults } = this;
    this.#board = { settings, faults, averages, count: 0, now: 0, baud: settings.baud };
    this.#processor = new Processor(this.#board, () => firmware(this.#board));
    this.#speed = speed;
    this.#burst = burst;
  }

  /** Opens the port, and powers the device on if it never was. */
  plug(baud: number): Duplex {
    if (this.faults.absent) throw new Error('The simulated adapter is not plugged in');
    if (this.#port) throw new Error('The simulated port is open already');
    if (this.#poweredAt === null) this.powerCycle();
    else this.#live();
    const port = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        this.#hear(chunk);
        done();
      },
      destroy: (error, done) => {
        if (this.#port === port) this.#port = null;
        done(error);
      },
    });
    this.#port = port;
    this.#portBaud = baud;
    return port;
  }

  /** Pulls the adapter out of an open port. The device goes on. */
  unplug(): void {
    this.#live();
    this.#port?.destroy(new Error('The simulated adapter was unplugged'));
    this.#port = null;
  }

  /** Power off and on, or a reset by itself: what has not left the wire is lost. */
  powerCycle(): void {
    this.#poweredAt ??= performance.now();
    this.#live();
    this.#wire.clear();
    this.#lineCut = false;
    this.#processor.reset(this.#now());
    this.#tick();
  }

  /** Falls into its menu by itself, as if it had heard ESC. */
  fallIntoMenu(): void {
    this.#live();
    this.#processor.input('\x1b', this.#now());
    this.#tick();
  }

  /** Bytes that come out of the line though the device did not send them. */
  inject(bytes: Buffer | string): void {
    const all = Buffer.from(bytes);
    for (let at = 0; at < all.length; at += INJECTED_PIECE) {
      this.#port?.push(all.subarray(at, at + INJECTED_PIECE));
    }
  }

  /** Calls back for each reading that has left. Returns how to end that. */
  onReading(listener: (reading: SentReading) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Device seconds since power-on. */
  #now(): number {
    return this.#poweredAt === null
      ? 0
      : ((performance.now() - this.#poweredAt) / 1000) * this.#speed;
  }

  #hear(chunk: Buffer): void {
    this.#live();
    const now = this.#now();
    for (const char of this.#received(chunk).toString('latin1')) this.#processor.input(char, now);
    this.#tick();
  }

  /** Lives through the time since the last call. */
  #live(): void {
    if (this.#poweredAt === null) return;
    const now = this.#now();
    this.#wire.add(this.#processor.run(now));
    const { bytes, completed } = this.#wire.release(now);
    if (bytes.length > 0) this.#give(bytes, completed);
  }

  #give(bytes: Buffer, completed: Emission[]): void {
    const delivered = this.#port !== null && !this.faults.silent;
    if (delivered) this.#port?.push(this.#received(bytes));
    const whole = delivered && this.#portBaud === this.#board.baud;
    for (const emission of completed) {
      this.#report(emission, whole && !this.#lineCut);
      this.#lineCut = false;
    }
    if (!whole && this.#wire.underWay) this.#lineCut = true;
  }

  #report({ text, reading }: Emission, delivered: boolean): void {
    if (!reading) return;
    const sent = { text: text.trimEnd(), mono: performance.now() / 1000, delivered };
    for (const listener of this.#listeners) listener(sent);
  }

  /** What the other end makes of the bytes: noise, where the two speeds differ. */
  #received(bytes: Buffer): Buffer {
    if (this.#portBaud === this.#board.baud) return bytes;
    return bytes.map(() => Math.floor(hash(99, this.#garbled++) * 256)) as Buffer;
  }

  /** One timer at a time, for the next moment at which a byte can leave. */
  #schedule(): void {
    clearTimeout(this.#timer);
    const wireDue = this.#burst > 0 ? this.#wire.nextByteAt : this.#wire.nextEndAt;
    const due = Math.min(wireDue, this.#processor.due);
    if (due === Number.POSITIVE_INFINITY) return;
    const dueMillis = (due / this.#speed) * 1000;
    const at = this.#burst > 0 ? Math.ceil(dueMillis / this.#burst) * this.#burst : dueMillis;
    const wait = at - (this.#now() / this.#speed) * 1000;
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, Math.ceil(wait)));
    this.#timer.unref();
  }

  /** Gives what is due and sees to it that what comes next will be given. */
  #tick(): void {
    this.#live();
    this.#schedule();
  }
}
