import type { Clock } from '../../shared/clock.ts';
import type { Stalls } from '../../shared/stalls.ts';
import type { VehicleSample, VehicleValues } from '../../shared/vehicle.ts';
import { autopilots, type Choice, chooseVehicle } from './autopilots.ts';
import { Instruments } from './instruments.ts';
import { Mavlink2Rest, NoAnswerError } from './mavlink2rest.ts';
import { MESSAGES, type MessageName } from './messages.ts';

const EVERY_S = 0.2;
/** Shorter gaps show in the rows by themselves. */
const LOST_AFTER_S = 3;
/** Where nothing answers it is asked less and less often, as it is outside BlueOS. */
const LONGEST_WAIT_S = 30;
/** An autopilot that restarts is soon back: its mavlink2rest is asked more often. */
const LONGEST_SILENCE_S = 2;

const NAMES = Object.keys(MESSAGES) as MessageName[];

export interface VehicleListener {
  /** Some value is known; five times a second. */
  sampled(sample: VehicleSample): void;
  /** Values came, and have stopped coming: why, in words. */
  lost(detail: string): void;
  /** They come again. */
  back(detail: string): void;
  /** Anything else that a log should tell, once. */
  told(detail: string): void;
}

export interface VehicleLinkParts {
  clock: Clock;
  stalls: Stalls;
  listener: VehicleListener;
  /** The vehicle's system id as it is set now; null: whichever autopilot is heard. */
  wanted(): number | null;
}

interface Outcome {
  /** mavlink2rest answers. */
  answers: boolean;
  /** Why there is no value, in words; null: there is one. */
  problem: string | null;
}

/** Asks mavlink2rest for the vehicle's depth, position, heading and water temperature. */
export class VehicleLink {
  readonly address: string;
  readonly #clock: Clock;
  readonly #stalls: Stalls;
  readonly #listener: VehicleListener;
  readonly #rest: Mavlink2Rest;
  readonly #wanted: () => number | null;
  #instruments = new Instruments();
  #system: number | null = null;
  #last: Outcome = { answers: false, problem: null };
  #reachable = false;
  #wasReached = false;
  #goodAt = 0;
  #failures = 0;
  #due = 0;
  #running = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(address: string, { clock, stalls, listener, wanted }: VehicleLinkParts) {
    this.address = address;
    this.#clock = clock;
    this.#stalls = stalls;
    this.#listener = listener;
    this.#wanted = wanted;
    this.#rest = new Mavlink2Rest(address);
  }

  start(): void {
    this.#running = true;
    this.#due = this.#clock.now().mono;
    void this.#run();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#rest.stop();
  }

  /** Values come. */
  get reachable(): boolean {
    return this.#reachable;
  }

  /** System id of the vehicle; null where mavlink2rest does not answer, or hears none. */
  get system(): number | null {
    return this.#last.answers ? this.#system : null;
  }

  /** Why no values come, in words. */
  get problem(): string | null {
    return this.#reachable ? null : this.#last.problem;
  }

  /** As they are now. */
  values(): VehicleValues {
    return this.#instruments.values(this.#clock.now().mono);
  }

  /** One question after the other; the next is put when the last is answered, or given up. */
  async #run(): Promise<void> {
    const outcome = await this.#poll();
    if (!this.#running) return;
    this.#judge(outcome);
    const now = this.#clock.now().mono;
    this.#due = Math.max(this.#due + this.#pause(), now);
    this.#timer = setTimeout(() => void this.#run(), (this.#due - now) * 1000);
  }

  async #poll(): Promise<Outcome> {
    try {
      const found = await this.#find();
      const problem = 'problem' in found ? found.problem : await this.#ask(found.system);
      return { answers: true, problem };
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      return { answers: false, problem: this.#noAnswer(error.message) };
    }
  }

  /** Looks which vehicle is there, unless the one that is known still sends. */
  async #find(): Promise<Choice> {
    const wanted = this.#wanted();
    const known = this.#system;
    if (known !== null && this.#reachable && known === (wanted ?? known)) return { system: known };
    const heard = autopilots(await this.#rest.vehicles());
    const chosen = heard === null ? unclearVehicles() : chooseVehicle(heard, wanted);
    this.#follow('system' in chosen ? chosen.system : null);
    return chosen;
  }

  /** What another vehicle said is not this one's. */
  #follow(system: number | null): void {
    if (system !== this.#system) this.#instruments = new Instruments();
    this.#system = system;
  }

  async #ask(system: number): Promise<string | null> {
    const unclear: string[] = [];
    for (const name of NAMES) {
      const answer = await this.#rest.message(system, name);
      if (!this.#instruments.take(name, answer, this.#clock.now())) unclear.push(name);
    }
    return this.#sample() ? null : nothingIn(unclear);
  }

  /** False where nothing is known. */
  #sample(): boolean {
    const at = this.#clock.now();
    const values = this.#instruments.values(at.mono);
    const { depth_m, latitude_deg, heading_deg, water_temperature_c } = values;
    const known = [depth_m, latitude_deg, heading_deg, water_temperature_c];
    if (known.every((value) => value === null)) return false;
    if (this.#running) this.#listener.sampled({ at, values });
    return true;
  }

  #judge(outcome: Outcome): void {
    const { problem } = outcome;
    const before = this.#last.problem;
    this.#last = outcome;
    this.#failures = problem === null || this.#reachable ? 0 : this.#failures + 1;
    if (problem === null) this.#good();
    else if (this.#reachable) this.#bad(problem);
    else if (problem !== before) this.#listener.told(problem);
  }

  #good(): void {
    this.#goodAt = this.#clock.now().mono;
    if (this.#reachable) return;
    this.#reachable = true;
    if (this.#wasReached) this.#listener.back('The vehicle’s data comes again.');
    else this.#listener.told(`The vehicle’s data comes from ${this.address}.`);
    this.#wasReached = true;
  }

  #bad(problem: string): void {
    const notRun = this.#stalls.heldUpSince(this.#goodAt);
    if (this.#clock.now().mono - this.#goodAt - notRun < LOST_AFTER_S) return;
    this.#reachable = false;
    this.#listener.lost(`The vehicle’s data is missing. ${problem}`);
  }

  #pause(): number {
    if (this.#reachable) return EVERY_S;
    const longest = this.#last.answers ? LONGEST_SILENCE_S : LONGEST_WAIT_S;
    return Math.min(longest, EVERY_S * 2 ** this.#failures);
  }

  #noAnswer(why: string): string {
    return (
      `mavlink2rest at ${this.address} does not answer as it should (${why}): ` +
      'is this computer a BlueOS vehicle? If not, MAVLINK2REST_URL=off.'
    );
  }
}

function unclearVehicles(): Choice {
  return { problem: nothingIn(['its list of vehicles']) };
}

function nothingIn(unclear: readonly string[]): string {
  if (unclear.length > 0) return `mavlink2rest gives ${unclear.join(', ')} in an unknown form.`;
  return 'mavlink2rest has no new message of an autopilot: is one connected, and running?';
}
