import type { Problem } from '../../shared/api/sensor.ts';
import type { Clock } from '../../shared/clock.ts';
import type { NoteOf } from '../../shared/events.ts';
import type { Stalls } from '../../shared/stalls.ts';
import { averageSeconds, type Connection, OpenFailed } from './connection.ts';
import type { Lock } from './lock.ts';
import type { MenuSettings } from './menu.ts';
import { PROBLEMS, problemFor } from './words.ts';

/** What the service is to bring about by itself, whatever happens to the cable. */
export interface Goal {
  port: string;
  baud: number;
  want: 'sampling' | 'menu';
}

/** What begins a gap in the readings. */
export type GapNote = NoteOf<
  | 'sensor_disconnected'
  | 'sensor_silent'
  | 'sensor_reset'
  | 'sensor_restarted'
  | 'acquisition_paused'
>;

const FIRST_WAIT_S = 0.5;
const LONGEST_WAIT_S = 5;
const WATCH_MS = 500;
/** A sensor is silent after this many periods without a reading, and not before 3 s. */
const SILENT_PERIODS = 3;
const SILENT_AT_LEAST_S = 3;
/** After a longer time without it another sensor may hang on the cable: then it is asked who it is. */
const SAME_SENSOR_S = 60;
/** After so long without a reading it is worth a look whether the adapter is still there. */
const MISSED_S = 1;

export interface SupervisorParts {
  connection: Connection;
  clock: Clock;
  stalls: Stalls;
  lock: Lock;
  /** Where the device is now, after a replug under another name; null: it is not there. */
  findPort(port: string): Promise<string | null>;
  /** Whether the device's node is still there. */
  isPresent(port: string): Promise<boolean>;
  note(gap: GapNote): void;
  /** The menu was read again: it may be another sensor, or be set otherwise. */
  identified(settings: MenuSettings): void;
}

/**
 * Keeps the goal: opens the port again after an unplug, restarts a device that reset,
 * fell into its menu or went silent. Tries for ever, between 0.5 and 5 s apart.
 */
export class Supervisor {
  #parts: SupervisorParts;
  #goal: Goal | null = null;
  #retry: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #waitS = FIRST_WAIT_S;
  #lastReading = 0;
  problem: Problem | null = null;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  get goal(): Goal | null {
    return this.#goal;
  }

  /** Looking for the device, or bringing it back. */
  get isRestoring(): boolean {
    return this.#retry !== undefined;
  }

  /** Takes over from a state that holds already. null: nothing is kept. */
  watchFor(goal: Goal | null): void {
    this.#goal = goal;
    this.#restored();
    clearInterval(this.#watch);
    this.#watch = undefined;
    if (goal?.want === 'sampling') this.#watch = setInterval(() => this.#look(), WATCH_MS);
  }

  /** Brings the goal about from nothing, however long it takes. */
  restore(goal: Goal): void {
    this.watchFor(goal);
    this.#schedule(0);
  }

  reading(mono: number): void {
    this.#lastReading = mono;
    if (this.problem && !this.isRestoring) this.problem = null;
  }

  lost(reason: string): void {
    if (this.#goal === null) return;
    this.problem = PROBLEMS.unplugged(this.#goal.port);
    this.#note('sensor_disconnected', `The sensor's port went away: ${reason}.`);
    this.#schedule(FIRST_WAIT_S);
  }

  /** It prints its banner by itself: the start line follows, or the watch finds it silent. */
  resetting(): void {
    this.problem = PROBLEMS.restarting('the sensor reset itself');
    this.#note('sensor_reset', 'The sensor reset itself.');
  }

  needsRestart(reason: string): void {
    if (this.#goal?.want !== 'sampling') return;
    this.problem = PROBLEMS.restarting(reason);
    this.#note('sensor_restarted', `Restarting the acquisition: ${reason}.`);
    this.#schedule(0);
  }

  #note(kind: GapNote['kind'], detail: string): void {
    this.#parts.note({ kind, detail });
  }

  #restored(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#waitS = FIRST_WAIT_S;
    this.problem = null;
    this.#lastReading = this.#parts.clock.now().mono;
  }

  #silentAfter(): number {
    const { settings, pollHz } = this.#parts.connection;
    const average = settings ? averageSeconds(settings) : 0;
    const period = settings?.mode === 'polled' ? Math.max(average, 1 / pollHz) : average;
    return Math.max(SILENT_AT_LEAST_S, SILENT_PERIODS * period + 1);
  }

  #look(): void {
    const { clock, stalls } = this.#parts;
    // What this process did not read because it was not run is no silence of the sensor.
    const heldUp = stalls.heldUpSince(this.#lastReading);
    const silent = clock.now().mono - this.#lastReading - heldUp;
    if (this.isRestoring || !this.#parts.connection.isOpen) return;
    if (silent > MISSED_S) void this.#lookForNode();
    if (silent < this.#silentAfter()) return;
    this.problem = PROBLEMS.silent(silent);
    this.#note('sensor_silent', `No reading for ${silent.toFixed(1)} s.`);
    this.#schedule(0);
  }

  /** The driver may miss that the adapter was pulled, and spin instead of saying so. */
  async #lookForNode(): Promise<void> {
    const goal = this.#goal;
    if (goal === null || (await this.#parts.isPresent(goal.port))) return;
    if (this.#goal !== goal || !this.#parts.connection.isOpen || this.isRestoring) return;
    await this.#parts.connection.close();
    this.lost('its device is gone');
  }

  #schedule(seconds: number): void {
    if (this.#retry !== undefined) return;
    this.#retry = setTimeout(
      () => void this.#parts.lock.run(() => this.#attempt()),
      seconds * 1000,
    );
  }

  async #attempt(): Promise<void> {
    const goal = this.#goal;
    if (goal === null || this.#retry === undefined) return;
    try {
      await this.#reach(goal);
      if (this.#goal === goal) this.#restored();
    } catch (error) {
      await this.#parts.connection.close();
      if (this.#goal !== goal) return;
      this.problem = problemFor(error, goal.port, goal.baud);
      this.#retry = undefined;
      this.#schedule(this.#waitS);
      this.#waitS = Math.min(this.#waitS * 2, LONGEST_WAIT_S);
    }
  }

  #isSurelySame(): boolean {
    return this.#parts.clock.now().mono - this.#lastReading < SAME_SENSOR_S;
  }

  /** Listens first after a replug: a device that still streams needs no menu visit. */
  async #reach(goal: Goal): Promise<void> {
    const { connection } = this.#parts;
    const replugged = !connection.isOpen;
    if (replugged) {
      const where = await this.#parts.findPort(goal.port).catch((cause: Error) => {
        throw new OpenFailed(cause.message, { cause });
      });
      if (where === null) throw new OpenFailed('ENOENT');
      await connection.open(where, goal.baud);
      if (goal.want === 'sampling' && this.#isSurelySame() && (await connection.listen())) return;
    }
    await connection.hold();
    this.#parts.identified(await connection.identify());
    if (goal.want === 'sampling') await connection.sample();
  }
}
