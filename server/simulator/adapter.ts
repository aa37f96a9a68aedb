import { Duplex } from 'node:stream';
import { hash } from './noise.ts';

/** The adapter's two ends: what the device hears, and at which speed it talks. */
export interface Line {
  hear(bytes: Buffer): void;
  readonly baud: number;
}

const PIECE = 65_536;
const NOISE_SEED = 99;

/** A serial adapter, open or not. What comes while it is not open is lost. */
export class Adapter {
  readonly #line: Line;
  #port: Duplex | null = null;
  /** Null: any speed fits. */
  #baud: number | null = null;
  #garbled = 0;

  constructor(line: Line) {
    this.#line = line;
  }

  /** @throws Error when it is open already */
  open(baud: number | null): Duplex {
    if (this.#port) throw new Error("Cannot open the simulator's port: it is open already");
    const port: Duplex = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        this.#line.hear(this.#asHeard(chunk));
        done();
      },
      destroy: (error, done) => {
        if (this.#port === port) this.#port = null;
        done(error);
      },
    });
    this.#port = port;
    this.#baud = baud;
    return port;
  }

  unplug(): void {
    this.#port?.destroy(new Error('The simulated adapter was unplugged'));
    this.#port = null;
  }

  /** Whether what is given now arrives as it is. */
  get isSound(): boolean {
    return this.#port !== null && (this.#baud ?? this.#line.baud) === this.#line.baud;
  }

  give(bytes: Buffer): void {
    this.#push(this.#asHeard(bytes));
  }

  /** Bytes that the device did not send, such as noise on the cable. */
  inject(bytes: Buffer): void {
    this.#push(bytes);
  }

  #push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += PIECE) {
      this.#port?.push(bytes.subarray(at, at + PIECE));
    }
  }

  /** Noise, where the two ends differ in speed. */
  #asHeard(bytes: Buffer): Buffer {
    if (this.isSound) return bytes;
    return Buffer.from(bytes.map(() => Math.floor(hash(NOISE_SEED, this.#garbled++) * 256)));
  }
}
