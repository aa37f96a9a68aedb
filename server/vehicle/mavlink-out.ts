import type { Clock } from '../../shared/clock.ts';
import type { Reading } from '../../shared/reading.ts';
import { Mavlink2Rest, NoAnswerError, type Sender } from './mavlink2rest.ts';

const EVERY_MS = 1000;
/** An older reading is not what the light is now. */
const FRESH_S = 2;
/** What MAVLink has room for. */
const NAME_LENGTH = 10;
const UINT32 = 2 ** 32;
/** Words that could not be sent for so long are no news any more. */
const NEWS_S = 60;

/** Words for the pilot: at most 50 plain letters, and how grave they are by MAVLink's names. */
export interface StatusText {
  severity: string;
  text: string;
}

/** A number that the pilot's side knows by its name, of at most ten letters. */
export type Figure = readonly [name: string, value: number];

export interface MavlinkOutParts {
  clock: Clock;
  /** As whom it is sent; null: it is not wanted, or no vehicle is heard. */
  sender(): Sender | null;
  /** The newest reading. */
  latest(): Reading | null;
  /** What is true now, whether or not there is a reading. */
  figures(): readonly Figure[];
}

/** Sends light and words to the autopilot, once a second: into its log, and to QGroundControl. */
export class MavlinkOut {
  readonly #parts: MavlinkOutParts;
  readonly #rest: Mavlink2Rest;
  #timer: NodeJS.Timeout | undefined;
  #sending = false;
  #last: Reading | null = null;
  #sent = 0;
  #failed = 0;
  #problem: string | null = null;
  #words: { said: StatusText; mono: number }[] = [];

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

  /** Sends it as soon as it can be. */
  say(said: StatusText): void {
    this.#words.push({ said, mono: this.#parts.clock.now().mono });
  }

  async #tick(): Promise<void> {
    const from = this.#parts.sender();
    if (this.#sending || from === null) return;
    this.#sending = true;
    // Where one is not taken, the next would only have to wait for the same answer.
    if ((await this.#sendWords(from)) && (await this.#sendLight(from)))
      await this.#sendFigures(from);
    this.#sending = false;
  }

  /** In their order, each until it is taken. */
  async #sendWords(from: Sender): Promise<boolean> {
    const since = this.#parts.clock.now().mono - NEWS_S;
    this.#words = this.#words.filter(({ mono }) => mono >= since);
    for (let next = this.#words[0]; next !== undefined; next = this.#words[0]) {
      if (!(await this.#send(from, statusText(next.said)))) return false;
      this.#words.shift();
    }
    return true;
  }

  /** Each reading once at most, and only while it is new. */
  async #sendLight(from: Sender): Promise<boolean> {
    const { latest, clock } = this.#parts;
    const reading = latest();
    if (reading === null || reading === this.#last) return true;
    const { mono, value, temperature } = reading;
    if (clock.now().mono - mono > FRESH_S) return true;
    this.#last = reading;
    if (!(await this.#send(from, namedValue('QS_PAR', Number(value), mono)))) return false;
    if (temperature === null) return true;
    return this.#send(from, namedValue('QS_TEMP', Number(temperature), mono));
  }

  async #sendFigures(from: Sender): Promise<void> {
    const { figures, clock } = this.#parts;
    for (const [name, value] of figures()) {
      const isTaken = await this.#send(from, namedValue(name, value, clock.now().mono));
      if (!isTaken) return;
    }
  }

  /** False where it was not taken. */
  async #send(from: Sender, message: object): Promise<boolean> {
    try {
      await this.#rest.post(from, message);
      this.#sent += 1;
      this.#problem = null;
      return true;
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      this.#failed += 1;
      this.#problem = `mavlink2rest does not take our messages: ${error.message}`;
      return false;
    }
  }
}

function namedValue(name: string, value: number, mono: number): object {
  return {
    type: 'NAMED_VALUE_FLOAT',
    time_boot_ms: Math.round(mono * 1000) % UINT32,
    name: [...name.padEnd(NAME_LENGTH, '\0')],
    value,
  };
}

function statusText({ severity, text }: StatusText): object {
  const type = `MAV_SEVERITY_${severity}`;
  return { type: 'STATUSTEXT', severity: { type }, text: [...text], id: 0, chunk_seq: 0 };
}
