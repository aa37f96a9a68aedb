import type { Clock } from '../../shared/clock.ts';
import type { Reading } from '../../shared/reading.ts';
import { Mavlink2Rest, NoAnswerError, type Sender } from './mavlink2rest.ts';

const EVERY_MS = 1000;
/** An older reading is not what the light is now. */
const FRESH_S = 2;
/** What MAVLink has room for. */
const NAME_LENGTH = 10;
const UINT32 = 2 ** 32;

export interface MavlinkOutParts {
  clock: Clock;
  /** As whom it is sent; null: it is not wanted, or no vehicle is heard. */
  sender(): Sender | null;
  /** The newest reading. */
  latest(): Reading | null;
}

/** Sends the light to the autopilot once a second: into its log, and to QGroundControl. */
export class MavlinkOut {
  readonly #parts: MavlinkOutParts;
  readonly #rest: Mavlink2Rest;
  #timer: NodeJS.Timeout | undefined;
  #sending = false;
  #last: Reading | null = null;
  #sent = 0;
  #failed = 0;
  #problem: string | null = null;

  constructor(address: string, parts: MavlinkOutParts) {
    this.#parts = parts;
    this.#rest = new Mavlink2Rest(address);
  }

  start(): void {
    this.#timer = setInterval(() => void this.#tick(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#rest.stop();
  }

  /** Messages that were taken, since the start. */
  get sent(): number {
    return this.#sent;
  }

  /** Messages that were not. */
  get failed(): number {
    return this.#failed;
  }

  /** Why the newest message was not taken, in words; null: it was. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Each reading once at most, and only while it is new. */
  async #tick(): Promise<void> {
    const { sender, latest, clock } = this.#parts;
    const reading = latest();
    const from = sender();
    if (this.#sending || reading === null || reading === this.#last || from === null) return;
    if (clock.now().mono - reading.mono > FRESH_S) return;
    this.#last = reading;
    this.#sending = true;
    await this.#send(from, 'QS_PAR', reading.value, reading.mono);
    if (reading.temperature !== null) {
      await this.#send(from, 'QS_TEMP', reading.temperature, reading.mono);
    }
    this.#sending = false;
  }

  async #send(from: Sender, name: string, value: string, mono: number): Promise<void> {
    try {
      await this.#rest.post(from, {
        type: 'NAMED_VALUE_FLOAT',
        time_boot_ms: Math.round(mono * 1000) % UINT32,
        name: [...name.padEnd(NAME_LENGTH, '\0')],
        value: Number(value),
      });
      this.#sent += 1;
      this.#problem = null;
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      this.#failed += 1;
      this.#problem = `mavlink2rest does not take the light: ${error.message}`;
    }
  }
}
