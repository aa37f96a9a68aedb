import type { Clock } from '../../shared/clock.ts';
import {
  AUTOPILOT,
  autopilots,
  type Choice,
  chooseVehicle,
  HeardAutopilots,
} from './autopilots.ts';
import { MavlinkPoll } from './mavlink-poll.ts';
import { DIRECT_PORT, MavlinkStream, streamAddresses } from './mavlink-stream.ts';
import { Mavlink2Rest, NoAnswerError } from './mavlink2rest.ts';
import type { Heard, MessageName } from './messages.ts';

const EVERY_S = 0.2;
/** Where nothing answers it is asked less and less often, as it is outside BlueOS. */
const LONGEST_WAIT_S = 30;
/** An autopilot that restarts is soon back: its mavlink2rest is asked more often. */
const LONGEST_SILENCE_S = 2;
/** Where no WebSocket opens the messages are asked for, and after so long it is tried again. */
const STREAM_AGAIN_S = 30;
/** A heartbeat comes each second: until then the vehicle that was found by asking is kept. */
const FIRST_BEAT_S = 3;

export const NOTHING_NEW =
  'mavlink2rest has no new message of an autopilot: is one connected, and running?';

export interface MavlinkSourceParts {
  clock: Clock;
  /** The vehicle's system id as it is set now; null: whichever autopilot is heard. */
  wanted(): number | null;
  directPort: number | undefined;
  /** Messages of the vehicle that came at the same time. */
  hear(heard: Heard[]): void;
  /** From here on another vehicle is heard, or none. */
  changed(): void;
  /** The vehicle's values come. */
  isWell(): boolean;
  /** It was asked: there may be something to tell. */
  asked(): void;
  /** Messages whose newest was in another form than it should be. */
  unclear(): MessageName[];
}

/**
 * The messages of the vehicle's autopilot: listened to through mavlink2rest's WebSocket,
 * or asked for where none opens. Says which vehicle it is, or why there is none.
 */
export class MavlinkSource {
  readonly #address: string;
  readonly #parts: MavlinkSourceParts;
  readonly #rest: Mavlink2Rest;
  readonly #poll: MavlinkPoll;
  readonly #stream: MavlinkStream;
  #heard = new HeardAutopilots();
  #system: number | null = null;
  #answers = false;
  #problem: string | null = null;
  #listeningSince: number | null = null;
  #streamAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #running = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(address: string, parts: MavlinkSourceParts) {
    this.#address = address;
    this.#parts = parts;
    this.#rest = new Mavlink2Rest(address);
    this.#poll = new MavlinkPoll(this.#rest, parts.clock, parts.hear);
    this.#stream = new MavlinkStream(parts.clock, (heard) => this.#hear(heard));
  }

  start(): void {
    this.#running = true;
    void this.#run();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#stream.stop();
    this.#rest.stop();
  }

  get isListening(): boolean {
    return this.#listeningSince !== null;
  }

  /** Looks whose heartbeats are still heard; where it is asked, each question does so. */
  look(): void {
    if (this.isListening) this.#choose();
  }

  /** Null where mavlink2rest does not answer, or hears no vehicle. */
  get system(): number | null {
    return this.#answers ? this.#system : null;
  }

  /** Why there is no new value, in words; null: nothing was asked yet. */
  get problem(): string | null {
    return this.#problem;
  }

  /** One thing after the other: a name that does not resolve keeps no more than one thread waiting. */
  async #run(): Promise<void> {
    const due = this.#now() + this.#pause();
    await this.#ask();
    if (this.#answers && this.#now() >= this.#streamAt) await this.#listen();
    if (!this.#running) return;
    const waitMs = Math.max(0, due - this.#now()) * 1000;
    this.#timer = setTimeout(() => void this.#run(), waitMs);
  }

  #now(): number {
    return this.#parts.clock.now().mono;
  }

  #pause(): number {
    if (this.#parts.isWell()) return EVERY_S;
    const longest = this.#answers ? LONGEST_SILENCE_S : LONGEST_WAIT_S;
    return Math.min(longest, EVERY_S * 2 ** this.#failures);
  }

  async #ask(): Promise<void> {
    try {
      const chosen = await this.#find();
      this.#answers = true;
      this.#problem = 'problem' in chosen ? chosen.problem : await this.#askFor(chosen.system);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      this.#answers = false;
      this.#problem = noAnswer(this.#address, error.message);
    }
    this.#failures = this.#parts.isWell() ? 0 : this.#failures + 1;
    if (this.#running) this.#parts.asked();
  }

  /** Looks which vehicle is there, unless the one that is known still sends. */
  async #find(): Promise<Choice> {
    const wanted = this.#parts.wanted();
    const known = this.#system;
    const isKnown = known !== null && known === (wanted ?? known);
    if (isKnown && this.#answers && this.#parts.isWell()) return { system: known };
    const heard = autopilots(await this.#rest.vehicles());
    const unclear = `mavlink2rest gives its list of vehicles in an unknown form.`;
    const chosen = heard === null ? { problem: unclear } : chooseVehicle(heard, wanted);
    this.#follow('system' in chosen ? chosen.system : null);
    return chosen;
  }

  async #askFor(system: number): Promise<string> {
    const isClear = await this.#poll.ask(system);
    if (!isClear) return 'mavlink2rest gives its messages in an unknown form.';
    const unclear = this.#parts.unclear();
    return unclear.length > 0
      ? `mavlink2rest gives ${unclear.join(', ')} in an unknown form.`
      : NOTHING_NEW;
  }

  /** Until nothing comes any more; where nothing came at all, it is asked for a while. */
  async #listen(): Promise<void> {
    for (const address of streamAddresses(this.#address, this.#parts.directPort ?? DIRECT_PORT)) {
      if (!this.#running) return;
      this.#heard = new HeardAutopilots();
      const hasCome = await this.#stream.run(address, () => {
        this.#listeningSince = this.#now();
      });
      this.#listeningSince = null;
      if (hasCome) return;
    }
    this.#streamAt = this.#now() + STREAM_AGAIN_S;
  }

  #hear(heard: Heard): void {
    this.#heard.hear(heard);
    if (heard.name === 'HEARTBEAT') this.look();
    if (heard.system !== this.#system) return;
    if (heard.component === AUTOPILOT || heard.name === 'GPS_INPUT') this.#parts.hear([heard]);
  }

  /** Whose heartbeats are heard now. */
  #choose(): void {
    const wanted = this.#parts.wanted();
    const heard = this.#heard.at(this.#now());
    const isEarly = this.#now() - (this.#listeningSince ?? 0) < FIRST_BEAT_S;
    if (isEarly && heard.length === 0 && this.#system === (wanted ?? this.#system)) return;
    const chosen = chooseVehicle(heard, wanted);
    this.#follow('system' in chosen ? chosen.system : null);
    this.#problem = 'problem' in chosen ? chosen.problem : NOTHING_NEW;
  }

  #follow(system: number | null): void {
    if (system === this.#system) return;
    this.#system = system;
    this.#parts.changed();
  }
}

function noAnswer(address: string, why: string): string {
  return (
    `mavlink2rest at ${address} does not answer as it should (${why}): ` +
    'is this computer a BlueOS vehicle? If not, MAVLINK2REST_URL=off.'
  );
}
