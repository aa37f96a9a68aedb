import type { Clock } from '../../shared/clock.ts';
import type { Stalls } from '../../shared/stalls.ts';
import type { VehicleSample, VehicleValues } from '../../shared/vehicle.ts';
import type { DepthSettings } from './depth.ts';
import { Instruments } from './instruments.ts';
import { MavlinkSource, NOTHING_NEW } from './mavlink-source.ts';
import type { Heard } from './messages.ts';
import type { Surface, SurfacePressure } from './surface-pressure.ts';

/** Rows come when the vehicle speaks, but not more often; a little less, since messages jitter. */
const ROWS_APART_S = 0.09;
const LOOK_MS = 250;
/** An autopilot sends a heartbeat each second: one that is late by so much has died. */
const LOST_AFTER_S = 1.7;

export interface VehicleListener {
  /** Some value is known; when the vehicle speaks, up to ten times a second. */
  sampled(sample: VehicleSample): void;
  /** Values came, and have stopped coming: why, in words. */
  lost(detail: string): void;
  /** They come again. */
  back(detail: string): void;
  /** The pressure at the surface is known better now. */
  surfaced(surface: Surface): void;
  /** Anything else that a log should tell, once. */
  told(detail: string): void;
}

export interface VehicleLinkParts {
  clock: Clock;
  stalls: Stalls;
  listener: VehicleListener;
  /** The vehicle's system id as it is set now; null: whichever autopilot is heard. */
  wanted(): number | null;
  depth(): DepthSettings;
  surface: SurfacePressure;
  /** Where mavlink2rest listens without a proxy; by default 6040. */
  directPort?: number;
}

/** What the vehicle's autopilot says, and whether it still says anything. */
export class VehicleLink {
  readonly address: string;
  readonly #parts: VehicleLinkParts;
  readonly #source: MavlinkSource;
  #instruments: Instruments;
  #reachable = false;
  #wasReached = false;
  #goodAt = 0;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #told: string | null = null;
  #look: NodeJS.Timeout | undefined;

  constructor(address: string, parts: VehicleLinkParts) {
    this.address = address;
    this.#parts = parts;
    this.#instruments = this.#newInstruments();
    this.#source = new MavlinkSource(address, {
      ...{ clock: parts.clock, wanted: parts.wanted, directPort: parts.directPort },
      hear: (heard) => this.#hear(heard),
      // What another vehicle said is not this one's.
      changed: () => {
        this.#instruments = this.#newInstruments();
      },
      asked: () => this.#judge(),
      isWell: () => this.#reachable,
      unclear: () => this.#instruments.unclear,
    });
  }

  start(): void {
    this.#look = setInterval(() => this.#judge(), LOOK_MS);
    this.#source.start();
  }

  stop(): void {
    clearInterval(this.#look);
    this.#source.stop();
  }

  /** Values come. */
  get reachable(): boolean {
    return this.#reachable;
  }

  /** Messages come as they are sent; else they are asked for. */
  get isListening(): boolean {
    return this.#source.isListening;
  }

  /** System id of the vehicle; null where mavlink2rest does not answer, or hears none. */
  get system(): number | null {
    return this.#source.system;
  }

  /** Why no values come, in words. */
  get problem(): string | null {
    return this.#reachable ? null : this.#source.problem;
  }

  /** As they are now. */
  values(): VehicleValues {
    return this.#instruments.values(this.#parts.clock.now().mono);
  }

  #newInstruments(): Instruments {
    return new Instruments(this.#parts.depth, this.#parts.surface);
  }

  #hear(batch: readonly Heard[]): void {
    for (const heard of batch) {
      const surface = this.#instruments.take(heard);
      if (surface !== null) this.#parts.listener.surfaced(surface);
    }
    const at = this.#parts.clock.now();
    if (at.mono - this.#sampledAt < ROWS_APART_S) return;
    const values = this.#instruments.values(at.mono);
    if (!isKnown(values)) return;
    this.#sampledAt = at.mono;
    this.#good(at.mono);
    this.#parts.listener.sampled({ at, values });
  }

  #good(mono: number): void {
    this.#goodAt = mono;
    if (this.#reachable) return;
    this.#reachable = true;
    const { listener } = this.#parts;
    if (this.#wasReached) listener.back('The vehicle’s data comes again.');
    else listener.told(`The vehicle’s data comes from ${this.address}.`);
    this.#wasReached = true;
  }

  #judge(): void {
    const { clock, stalls, listener } = this.#parts;
    this.#source.look();
    const { problem } = this.#source;
    const silentS = clock.now().mono - this.#goodAt - stalls.heldUpSince(this.#goodAt);
    if (this.#reachable && (silentS > LOST_AFTER_S || this.#source.system === null)) {
      this.#reachable = false;
      this.#told = problem;
      listener.lost(`The vehicle’s data is missing. ${problem ?? NOTHING_NEW}`);
    } else if (!this.#reachable && problem !== null && problem !== this.#told) {
      this.#told = problem;
      listener.told(problem);
    }
  }
}

/** Something besides whether the motors may turn. */
function isKnown(values: VehicleValues): boolean {
  const { depth_m, latitude_deg, heading_deg, water_temperature_c } = values;
  const { roll_deg, x_m, altitude_m, lamps } = values;
  const known = [depth_m, latitude_deg, heading_deg, water_temperature_c, roll_deg, x_m];
  return [...known, altitude_m, lamps].some((value) => value !== null);
}
