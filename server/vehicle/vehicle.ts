import type { z } from 'zod';
import type { Settings } from '../../shared/api/service.ts';
import type { vehicleStatus } from '../../shared/api/vehicle.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Reading } from '../../shared/reading.ts';
import type { Stalls } from '../../shared/stalls.ts';
import { Instruments } from './instruments.ts';
import { MavlinkOut, type StatusText } from './mavlink-out.ts';
import type { Sender } from './mavlink2rest.ts';
import { VehicleLink, type VehicleListener } from './vehicle-link.ts';

export interface VehicleParts {
  clock: Clock;
  stalls: Stalls;
  listener: VehicleListener;
  /** Resolves with the address of mavlink2rest; null: the vehicle is not asked. */
  open(): Promise<string | null>;
  /** The vehicle is made up in this process. */
  simulated: boolean;
  latest(): Reading | null;
  settings(): Pick<Settings, 'mavlink_out' | 'vehicle_system_id' | 'mavlink_component_id'>;
  /** Why what the vehicle says is not recorded, in words. */
  recordingProblem(): string | null;
}

/** The vehicle that the sensor rides on: what it says, and what it is told. */
export class Vehicle {
  readonly #parts: VehicleParts;
  #link: VehicleLink | null = null;
  #out: MavlinkOut | null = null;

  constructor(parts: VehicleParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const { clock, stalls, listener, latest, settings, open } = this.#parts;
    const address = await open();
    if (address === null) return;
    const wanted = () => settings().vehicle_system_id;
    const link = new VehicleLink(address, { clock, stalls, listener, wanted });
    this.#link = link;
    this.#out = new MavlinkOut(address, { clock, latest, sender: () => this.#sender() });
    link.start();
    this.#out.start();
  }

  stop(): void {
    this.#link?.stop();
    this.#out?.stop();
  }

  /** To the pilot, as words of the vehicle: into its log, and to QGroundControl. */
  say(said: StatusText): void {
    this.#out?.say(said);
  }

  /** The vehicle's own system, so that its ground stations listen; never the autopilot's component. */
  #sender(): Sender | null {
    const { mavlink_out, mavlink_component_id } = this.#parts.settings();
    const system = this.#link?.system ?? null;
    return mavlink_out && system !== null ? { system, component: mavlink_component_id } : null;
  }

  /** The answer to GET /vehicle. */
  status(): z.input<typeof vehicleStatus> {
    const { simulated, settings, recordingProblem } = this.#parts;
    return {
      reachable: this.#link?.reachable ?? false,
      address: this.#link?.address ?? null,
      simulated,
      problem: recordingProblem() ?? this.#link?.problem ?? null,
      last: this.#link?.values() ?? new Instruments().values(0),
      sent: this.#out?.sent ?? 0,
      send_failures: this.#out?.failed ?? 0,
      send_problem: this.#out?.problem ?? null,
      system_id: this.#link?.system ?? null,
      mavlink_out: settings().mavlink_out,
    };
  }
}
